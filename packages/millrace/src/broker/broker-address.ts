import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DEFAULT_ADDRESS = 'redis://127.0.0.1:6379'

/** Where the address of the broker came from, for messages. */
export interface BrokerAddress {
  readonly url: string
  readonly from: 'MILLRACE_BROKER' | '.millrace/broker' | 'default'
}

/**
 * The broker of an app that names none: `MILLRACE_BROKER`, else (outside production) what a running `millrace dev` wrote to
 * `.millrace/broker` in the working directory, else a Redis on this machine.
 */
export function findBrokerAddress(env: NodeJS.ProcessEnv = process.env, folder: string = process.cwd()): BrokerAddress {
  const named = env.MILLRACE_BROKER?.trim()
  if (named) return { url: named, from: 'MILLRACE_BROKER' }
  const dev = env.NODE_ENV === 'production' ? undefined : readDevAddress(folder)
  return dev === undefined ? { url: DEFAULT_ADDRESS, from: 'default' } : { url: dev, from: '.millrace/broker' }
}

function readDevAddress(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, '.millrace', 'broker'), 'utf8').trim() || undefined
  } catch {
    // No `millrace dev` has run here.
    return undefined
  }
}
