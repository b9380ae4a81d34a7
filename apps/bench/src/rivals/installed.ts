import { packageVersion } from '../measure/package-version.js'

/** Its version, or why it cannot be measured here. */
export type Installed = { readonly version: string } | { readonly absent: string }

export function installedPackage(name: string): Installed {
  const version = packageVersion(name)
  return version === undefined ? { absent: `the package ${name} is not installed` } : { version }
}
