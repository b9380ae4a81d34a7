import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { scanModule } from './scan-module.mjs'

/** Every package and app: the folder that it stands in, and its name. */
export function findPackages(root) {
  const found = []
  for (const group of ['packages', 'apps', 'apps/dashboard']) {
    for (const folder of subfolders(join(root, group))) {
      const manifest = join(root, group, folder, 'package.json')
      if (!existsSync(manifest)) continue
      const { name } = JSON.parse(readFileSync(manifest, 'utf8'))
      found.push({ group: group.split('/')[0], folder, name, at: `${group}/${folder}` })
    }
  }
  return found
}

function subfolders(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
}

const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])

/** What a package consists of, tests included: each file with what is to be known of it. `edges` is for who resolves its imports. */
export function sourceFiles(root, pkg) {
  const found = []
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue
      const full = join(folder, entry.name)
      if (entry.isDirectory()) walk(full)
      else if (/\.(ts|tsx|mts|lua)$/.test(entry.name)) found.push(readSource(relative(root, full), full, pkg))
    }
  }
  walk(join(root, pkg.at))
  return found
}

function readSource(path, full, pkg) {
  const text = readFileSync(full, 'utf8')
  const posix = path.split(sep).join('/')
  const language = extname(path).slice(1)
  return {
    path: posix,
    pkg,
    language,
    text,
    isTest: /\.test(-d)?\.[a-z]+$/.test(posix) || /\/(test|tests)\//.test(posix),
    isGenerated: /\.generated\.[a-z]+$/.test(posix),
    isConformance: posix.includes('/conformance/'),
    scan: language === 'lua' ? { imports: [], defaultExports: [], literals: [] } : scanModule(text),
    edges: [],
  }
}
