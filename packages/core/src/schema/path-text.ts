const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** A path as people write it: `items[3].price`, `headers["x-id"]`; empty for the value itself. */
export function pathText(segments: readonly PropertyKey[]): string {
  let text = ''
  for (const segment of segments) {
    if (typeof segment === 'number') text += `[${segment}]`
    else if (typeof segment === 'symbol') text += `[${String(segment)}]`
    else if (IDENTIFIER.test(segment)) text += text === '' ? segment : `.${segment}`
    else text += `[${JSON.stringify(segment)}]`
  }
  return text
}
