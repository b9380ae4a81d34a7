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

/** The address, then the process of the `millrace dev` that wrote it: once that is gone, so is its broker. */
function readDevAddress(folder: string): string | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, '.millrace', 'broker'), 'utf8')
  } catch {
    // No `millrace dev` runs here.
    return undefined
  }
  const [url = '', pid = ''] = text.split('\n').map((line) => line.trim())
  return url === '' || (pid !== '' && !isAlive(Number(pid))) ? undefined : url
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
