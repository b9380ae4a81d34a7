import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Notes every file that is imported or required from now on, packages from elsewhere aside; the returned function lists them. */
export function watchLoads(): () => string[] {
  const files = new Set<string>()
  registerHooks({
    load(url, context, nextLoad) {
      const [bare = ''] = url.split(/[?#]/, 1)
      if (bare.startsWith('file:') && !bare.includes('/node_modules/')) files.add(fileURLToPath(bare))
      return nextLoad(url, context)
    },
  })
  return () => [...files]
}
