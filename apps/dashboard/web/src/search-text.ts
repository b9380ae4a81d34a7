/** Parameters of an address as plain text: what a person would write, no JSON. */
export function readSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string') parameters.set(key, value)
  return parameters.size === 0 ? '' : `?${parameters}`
}
