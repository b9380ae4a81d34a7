import { transform } from 'esbuild'

/** A plugin as Vite and Vitest take it. */
export interface DecoratorsPlugin {
  readonly name: string
  readonly enforce: 'pre'
  readonly transform: {
    readonly filter: {
      readonly id: { readonly include: RegExp; readonly exclude: RegExp }
      readonly code: RegExp
    }
    handler(code: string, id: string): Promise<{ code: string; map: string }>
  }
}

/** For `plugins` of vitest and vite: their compiler leaves TC39 decorators as they are and no Node runs them; esbuild lowers them. */
export function tc39Decorators(): DecoratorsPlugin {
  return {
    name: 'tc39-decorators',
    enforce: 'pre',
    transform: {
      filter: {
        id: { include: /\.[cm]?tsx?$/, exclude: /node_modules/ },
        code: /(^|\s)@[A-Za-z_$]|\baccessor\b/,
      },
      async handler(code, id) {
        const lowered = await transform(code, {
          loader: id.endsWith('x') ? 'tsx' : 'ts',
          jsx: 'preserve',
          target: 'es2022',
          sourcefile: id,
          sourcemap: 'external',
          tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
        })
        return { code: lowered.code, map: lowered.map }
      },
    },
  }
}
