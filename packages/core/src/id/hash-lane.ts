const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/** The lane of a key: FNV-1a (32 bit) of its UTF-8 bytes, modulo `lanes`. Stable across releases and processes. */
export function laneOfKey(key: string, lanes: number): number {
  return lanes === 1 ? 0 : fnv1a(key) % lanes
}

function fnv1a(text: string): number {
  let hash = OFFSET_BASIS
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f) return fnv1aBytes(Buffer.from(text, 'utf8'))
    hash = Math.imul(hash ^ code, PRIME)
  }
  return hash >>> 0
}

function fnv1aBytes(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME)
  return hash >>> 0
}
