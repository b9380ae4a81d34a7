import { BrokerFullError, BrokerUnfitError, LayoutMismatchError, LeaseLostError, StaleEpochError } from '@millrace/core'
import { LAYOUT } from '../keyspace.js'

/**
 * What an error reply of Redis means for the call that met it.
 * - `reload`: the script is not loaded there: send its text
 * - `wait`: not executed, will work later (loading, failing over, busy): try again until the deadline
 * - `reconnect`: not executed, this server is the wrong one: drop the connection, then as `wait`
 * - `refused`: decided; `error` is what the caller gets
 */
export type RedisErrorClass =
  | { readonly kind: 'reload' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'refused'; readonly error: Error }

/** A number or session that the lane does not accept; met and handled inside the driver only. */
export class SessionRefused extends Error {
  /** `last`: with `out-of-order`, the number of the last call that the lane executed. */
  constructor(
    readonly why: 'no-session' | 'out-of-order',
    readonly last = 0,
  ) {
    super(`session refused: ${why}`)
  }
}

const WAIT = new Set(['LOADING', 'BUSY', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'NOREPLICAS', 'MISCONF', 'UNBLOCKED'])
const RECONNECT = new Set(['READONLY', 'MOVED', 'ASK'])

/** The one place where replies of Redis become errors of Millrace. `where` names the lane or app in messages. */
export function classifyRedisError(error: Error, where: string): RedisErrorClass {
  const [code, detail] = splitCode(error.message)
  if (code === 'NOSCRIPT') return { kind: 'reload' }
  if (WAIT.has(code)) return { kind: 'wait' }
  if (RECONNECT.has(code)) return { kind: 'reconnect' }
  return { kind: 'refused', error: refusal(code, detail, error, where) }
}

function splitCode(message: string): [string, string] {
  const space = message.indexOf(' ')
  return space < 0 ? [message, ''] : [message.slice(0, space), message.slice(space + 1)]
}

function refusal(code: string, detail: string, cause: Error, where: string): Error {
  switch (code) {
    case 'MILLRACE':
      return ours(detail, cause, where)
    case 'OOM':
      return new BrokerFullError({ cause })
    case 'NOAUTH':
    case 'WRONGPASS':
      return new BrokerUnfitError({
        what: 'Redis refused the login',
        fix: 'put user and password into the broker URL: redis://user:password@host:6379',
        cause,
      })
    case 'NOPERM':
      return new BrokerUnfitError({
        what: `Redis denied a command: ${detail}`,
        fix: 'give this user the permissions that docs/KEYSPACE.md lists',
        cause,
      })
    default:
      if (/unknown command|Error compiling|Could not parse shebang|Unexpected engine/i.test(cause.message)) {
        return new BrokerUnfitError({
          what: `this Redis cannot run Millrace's scripts: ${cause.message}`,
          fix: 'use Redis 7.0 or newer, or Valkey',
          cause,
        })
      }
      return cause
  }
}

function ours(detail: string, cause: Error, where: string): Error {
  const [kind = '', value = ''] = detail.split(' ')
  switch (kind) {
    case 'LAYOUT':
      return new LayoutMismatchError({ found: value, expected: LAYOUT })
    case 'FENCED':
      return new LeaseLostError({ lane: where })
    case 'STALE':
      return new StaleEpochError({ epoch: Number.NaN, seen: Number(value) })
    case 'NOSESSION':
      return new SessionRefused('no-session')
    case 'ORDER':
      return new SessionRefused('out-of-order', Number(value))
    default:
      return cause
  }
}
