/** The same range as `engines` of every package. Read before anything else is loaded: plain enough for any Node. */
export function supportsNode(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return (major === 22 && (minor > 22 || (minor === 22 && patch >= 2))) || (major === 24 && minor >= 15) || major >= 26
}

export const NODE_FIX = 'Install Node 22.22.2 or later, 24.15 or later, or 26.'
