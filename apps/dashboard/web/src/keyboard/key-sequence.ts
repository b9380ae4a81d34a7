/** How long the second key may take, ms. */
export const SEQUENCE_MS = 1_000

/** Turns single keys into sequences: after `g`, the next key within a second belongs to it. */
export function createKeySequence(prefixes: readonly string[]): (key: string, atMs: number) => string | undefined {
  let begun: { readonly key: string; readonly atMs: number } | undefined
  return (key, atMs) => {
    const prefix = begun !== undefined && atMs - begun.atMs <= SEQUENCE_MS ? begun.key : undefined
    begun = undefined
    if (prefix !== undefined) return `${prefix} ${key}`
    if (!prefixes.includes(key)) return key
    begun = { key, atMs }
    return undefined
  }
}
