import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** What the Python program writes, a line each. */
type Answer =
  | { readonly ready: true }
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: string }

interface Waiter {
  resolve(value: unknown): void
  reject(error: Error): void
}

const READY = 0

/** A Python program that answers calls in lines of JSON. It ends, with its children, when its standard input does. */
export class PythonProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiters = new Map<number, Waiter>()
  #lastCall = READY
  #rest = ''

  private constructor(python: string, args: readonly string[]) {
    // A group of its own, so that Ctrl-C does not reach it.
    this.#process = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
    this.#process.on('error', (error) => this.#failAll(error.message))
    this.#process.on('exit', (code, signal) => this.#failAll(`Python ended (${signal ?? code})`))
    this.#process.stdin.on('error', () => undefined)
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text))
  }

  /** Resolves when the program says that it is ready. */
  static async start(python: string, args: readonly string[]): Promise<PythonProcess> {
    const program = new PythonProcess(python, args)
    await program.#wait(READY)
    return program
  }

  call<T>(name: string, plan: unknown): Promise<T> {
    this.#lastCall += 1
    this.#process.stdin.write(`${JSON.stringify({ call: this.#lastCall, name, plan })}\n`)
    return this.#wait(this.#lastCall) as Promise<T>
  }

  #wait(call: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiters.set(call, { resolve, reject }))
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#receive(JSON.parse(line) as Answer)
  }

  #receive(answer: Answer): void {
    const call = 'ready' in answer ? READY : answer.call
    const waiter = this.#waiters.get(call)
    this.#waiters.delete(call)
    if ('error' in answer) waiter?.reject(new Error(answer.error))
    else waiter?.resolve('value' in answer ? answer.value : undefined)
  }

  #failAll(why: string): void {
    for (const waiter of this.#waiters.values()) waiter.reject(new Error(why))
    this.#waiters.clear()
  }
}
