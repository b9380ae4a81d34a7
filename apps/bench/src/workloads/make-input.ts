import type { Input } from '../rival.js'

/** JSON around the padding: `{"x":,"p":""}`. */
const FRAME_BYTES = 13
let pad = ''

/** `{x,y:2}`; with `bytes`, padded to so many bytes of JSON (or, below what the number needs, a pad of one byte). */
export function makeInput(x: number, bytes: number | undefined): Input {
  if (bytes === undefined) return { x, y: 2 }
  if (pad.length < bytes) pad = 'x'.repeat(bytes)
  return { x, p: pad.slice(0, Math.max(1, bytes - FRAME_BYTES - String(x).length)) }
}
