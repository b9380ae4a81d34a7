import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { READY_LINE } from './embedded-ready-line.js'
import { freePort } from './free-port.js'
import { askServer } from './server-answer.js'
import { type SupervisedChild, superviseChild } from './supervised-child.js'

/** The embedded Valkey, running in a child process of its own. */
export interface EmbeddedServer {
  readonly url: string
  readonly port: number
  /** Of the child process. */
  readonly pid: number
  /** Saves, ends it, and waits for that. */
  close(): Promise<void>
}

const START_DEADLINE_MS = 20_000
const POLL_MS = 10
const PORT_ATTEMPTS = 5
const ENTRY = fileURLToPath(new URL('../dist/embedded-valkey-process.js', import.meta.url))

/**
 * Starts the embedded Valkey with its data in `dir` and waits until it answers PING.
 *
 * @throws Error with the last lines it printed, when it does not answer within 20 s.
 */
export async function startEmbeddedServer(options: {
  dir: string
  log?: (line: string) => void
}): Promise<EmbeddedServer> {
  mkdirSync(options.dir, { recursive: true })
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = await superviseChild(
      process.execPath,
      // node:wasi prints an ExperimentalWarning on every start.
      ['--disable-warning=ExperimentalWarning', ENTRY, String(port), options.dir],
      { env: environment(), ...(options.log === undefined ? {} : { onLine: options.log }) },
    )
    if (await answersInTime(child, port)) {
      return { url: `redis://127.0.0.1:${port}`, port, pid: child.pid, close: () => child.stop() }
    }
    await child.stop()
    const said = child.lastLines().join('\n')
    if (said.includes('EADDRINUSE') && attempt < PORT_ATTEMPTS) continue
    throw new Error(`the embedded Valkey did not start on port ${port}. It printed:\n${said}`)
  }
}

/** Loaders and inspectors meant for our own process must not start again in the child. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _unwanted, ...kept } = process.env
  return kept
}

async function answersInTime(child: SupervisedChild, port: number): Promise<boolean> {
  const deadline = Date.now() + START_DEADLINE_MS
  while (Date.now() < deadline && !child.hasExited()) {
    const ready = child.lastLines().some((line) => line === READY_LINE)
    // The child says so itself: an answer alone could come from another server on the same port.
    if (ready && (await askServer(port))?.ready === true) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return false
}
