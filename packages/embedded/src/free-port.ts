import { createServer } from 'node:net'

/** Systems give ports from 32,768 (Linux) or 49,152 up to whoever connects or asks for any: below, only a server takes one. */
const FIRST = 20_000
const LAST = 32_767
const ATTEMPTS = 100

/** A loopback TCP port that was free a moment ago. Another server may take it first: the caller retries. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1))
    if (await isFree(port)) return port
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} in ${ATTEMPTS} tries`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
