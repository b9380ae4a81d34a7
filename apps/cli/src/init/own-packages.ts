import { existsSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cliVersion } from '../version.js'
import type { StartingProject } from './project-files.js'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** Whether this command runs out of a checkout of Millrace, whose packages no registry has. */
export function inCheckout(root: string = ROOT): boolean {
  return existsSync(`${root}pnpm-workspace.yaml`) && existsSync(`${root}packages/millrace/package.json`)
}

/** What a project in `folder` depends on: this very version, or the checkout that this command comes from. */
export function ownPackages(folder: string, root: string = ROOT): StartingProject['millrace'] {
  if (!inCheckout(root)) return { library: cliVersion(), cli: cliVersion() }
  const link = (path: string) => `link:${relative(folder, `${root}${path}`).split(sep).join('/')}`
  return { library: link('packages/millrace'), cli: link('apps/cli') }
}
