import type { InputComposition, JobMessage, MessageExtras } from './job-message.js'

/** The first element of every message. A reader refuses versions that it does not know. */
export const WIRE_VERSION = 1

const NO_EXTRAS: MessageExtras = Object.freeze({})
const MAX_TASK_CHARACTERS = 128

/** Keys of the extras on the wire: short, because every such job carries them. */
interface WireExtras {
  h?: Readonly<Record<string, string>>
  t?: number
  /** `output`, `outputs`; with a `+` when the input is merged in. */
  j?: string
  c?: string
}

let lastTask = ''
let lastHead = ''

/**
 * A message as text: `[1,"task",<input>,<enqueuedAt>]`, with a fifth element where there are extras.
 * `inputJson` is JSON already; `enqueuedAt` in ms since the epoch.
 */
export function encodeMessage(task: string, inputJson: string, enqueuedAt: number, extras?: MessageExtras): string {
  if (task !== lastTask) {
    lastHead = `[${WIRE_VERSION},${JSON.stringify(task)},`
    lastTask = task
  }
  const tail = extras === undefined || extras === NO_EXTRAS ? ']' : encodeExtras(extras)
  return `${lastHead}${inputJson},${enqueuedAt}${tail}`
}

function encodeExtras(extras: MessageExtras): string {
  const wire: WireExtras = {}
  if (extras.headers !== undefined) wire.h = extras.headers
  if (extras.timeoutMs !== undefined) wire.t = extras.timeoutMs
  if (extras.compose !== undefined) wire.j = extras.compose.from + (extras.compose.merge ? '+' : '')
  if (extras.codec !== undefined) wire.c = extras.codec
  const json = JSON.stringify(wire)
  return json === '{}' ? ']' : `,${json}]`
}

/**
 * Reads a message back from parsed JSON. `undefined` for anything that is not one: another version, a wrong shape.
 * Extras that this release does not know are ignored. Never throws.
 */
export function readMessage(wire: unknown): JobMessage | undefined {
  try {
    if (!Array.isArray(wire) || wire[0] !== WIRE_VERSION) return undefined
    const length = wire.length
    const task: unknown = wire[1]
    const enqueuedAt: unknown = wire[3]
    if (typeof task !== 'string' || task.length === 0 || task.length > MAX_TASK_CHARACTERS) return undefined
    if (typeof enqueuedAt !== 'number' || !(enqueuedAt >= 0)) return undefined
    if (length === 4) return { task, input: wire[2], enqueuedAt, extras: NO_EXTRAS }
    if (length !== 5) return undefined
    const extras = readExtras(wire[4])
    return extras === undefined ? undefined : { task, input: wire[2], enqueuedAt, extras }
  } catch {
    return undefined
  }
}

function readExtras(wire: unknown): MessageExtras | undefined {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) return undefined
  const { h, t, j, c } = wire as Record<keyof WireExtras, unknown>
  const extras: { -readonly [K in keyof MessageExtras]: MessageExtras[K] } = {}
  if (h !== undefined) {
    const headers = readHeaders(h)
    if (headers === undefined) return undefined
    extras.headers = headers
  }
  if (t !== undefined) {
    if (typeof t !== 'number' || !(t > 0)) return undefined
    extras.timeoutMs = t
  }
  if (j !== undefined) {
    const compose = readComposition(j)
    if (compose === undefined) return undefined
    extras.compose = compose
  }
  if (c !== undefined) {
    if (typeof c !== 'string') return undefined
    extras.codec = c
  }
  return extras
}

/** Without a prototype, so that a header named `__proto__` is data like any other. */
function readHeaders(wire: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) return undefined
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(wire)) {
    if (typeof value !== 'string') return undefined
    headers[name] = value
  }
  return headers
}

function readComposition(wire: unknown): InputComposition | undefined {
  switch (wire) {
    case 'output':
      return { from: 'output', merge: false }
    case 'output+':
      return { from: 'output', merge: true }
    case 'outputs':
      return { from: 'outputs', merge: false }
    case 'outputs+':
      return { from: 'outputs', merge: true }
    default:
      return undefined
  }
}
