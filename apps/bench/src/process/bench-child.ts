import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { VoidFigure } from '../measure/void-figure.js'
import type { Answer, Call, ChildSpec } from './child-spec.js'

const MAIN = fileURLToPath(new URL('./child-main.js', import.meta.url))
const READY_DEADLINE_MS = 60_000
/** Of what a child prints to stderr. */
const TAIL_CHARS = 500

interface Waiter {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** A child process as its parent sees it. Whatever goes wrong in it makes the figure void. */
export class BenchChild {
  readonly pid: number
  readonly #process: ChildProcess
  readonly #waiters = new Map<number, Waiter>()
  readonly #exited: Promise<void>
  readonly #what: string
  #lastCall = 0
  #stderr = ''

  private constructor(child: ChildProcess, what: string) {
    this.#process = child
    this.#what = what
    this.pid = child.pid as number
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#failAll(`ended (${signal ?? code})`)
        resolve()
      })
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-TAIL_CHARS)
    })
    child.on('message', (message) => this.#receive(message as Answer))
  }

  /** Resolves when the child has connected and is ready. Rejects with `VoidFigure`. */
  static async start(spec: ChildSpec): Promise<BenchChild> {
    const process = fork(MAIN, [JSON.stringify(spec)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const child = new BenchChild(process, `${spec.rival}'s ${spec.role}`)
    try {
      await child.#wait(READY, READY_DEADLINE_MS)
    } catch (error) {
      await child.kill()
      throw error
    }
    return child
  }

  /** Rejects with `VoidFigure` when the child answers with an error, ends, or takes longer. */
  call<T>(name: string, plan: unknown, deadlineMs: number): Promise<T> {
    this.#lastCall += 1
    const message: Call = { call: this.#lastCall, name, plan }
    const answered = this.#wait(this.#lastCall, deadlineMs)
    const { call } = message
    this.#process.send(message, (error) => {
      if (error !== null) this.#fail(call, error.message)
    })
    return answered as Promise<T>
  }

  /** Ends the process and waits for that. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#exited
  }

  #wait(call: number, deadlineMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(call, `did not answer within ${deadlineMs / 1000} s`), deadlineMs)
      const done = () => clearTimeout(timer)
      this.#waiters.set(call, {
        resolve: (value) => {
          done()
          resolve(value)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      })
    })
  }

  #receive(answer: Answer): void {
    if ('ready' in answer) this.#settle(READY, undefined)
    else if ('broken' in answer) this.#failAll(answer.broken)
    else if ('error' in answer) this.#fail(answer.call, answer.error)
    else this.#settle(answer.call, answer.value)
  }

  #settle(call: number, value: unknown): void {
    this.#waiters.get(call)?.resolve(value)
    this.#waiters.delete(call)
  }

  #fail(call: number, why: string): void {
    const tail = this.#stderr.trim()
    this.#waiters.get(call)?.reject(new VoidFigure(`${this.#what}: ${why}${tail === '' ? '' : ` (${tail})`}`))
    this.#waiters.delete(call)
  }

  #failAll(why: string): void {
    for (const call of this.#waiters.keys()) this.#fail(call, why)
  }
}

/** The number under which a child's start is awaited. */
const READY = 0
