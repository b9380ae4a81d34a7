import { transform } from 'esbuild'
import type { Plugin } from 'vitest/config'

/** oxc (Vite 8, Vitest 5) leaves TC39 decorators as they are and no Node runs them: esbuild lowers them. */
export function tc39Decorators(): Plugin {
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
