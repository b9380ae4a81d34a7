import { RespawnPause } from '../respawn-pause.js'
import type { LoadedModule } from '../worker-process/messages.js'
import type { WorkerProcessEnd } from '../worker-process/worker-process.js'

/** A worker process, as far as swapping needs it. */
export interface Generation {
  readonly loaded: Promise<LoadedModule>
  readonly ended: Promise<WorkerProcessEnd>
  start(): void
  stop(): void
  kill(): void
}

/** What is said about swapping, and who else follows it. */
export interface SwapObserver {
  loaded(module: LoadedModule): void
  /** `serving`: an earlier version goes on. */
  refused(error: unknown, serving: boolean): void
  draining(): void
  started(module: LoadedModule): void
  /** It ended by itself. The next one is loaded after `delayMs`; null: it was told to stop from afar, none follows. */
  died(end: WorkerProcessEnd, delayMs: number | null): void
}

interface Standby {
  readonly generation: Generation
  readonly module: LoadedModule
}

/**
 * Replaces a running worker process by one of the changed code: load the new one, drain the old one, start the new one.
 * A new one that does not load changes nothing. Changes on the way are taken together: at most one is loading, and what
 * starts is the newest that has loaded.
 */
export class Swapper {
  #serving: Generation | undefined
  #loading: Generation | undefined
  #standby: Standby | undefined
  #draining = false
  #again = false
  #stopping = false
  readonly #pause = new RespawnPause()
  #timer: NodeJS.Timeout | undefined
  readonly #alive = new Set<Generation>()

  constructor(
    private readonly fork: () => Generation,
    private readonly observer: SwapObserver,
  ) {}

  /** The code has changed, or is there for the first time. */
  changed(): void {
    this.#pause.reset()
    this.#reload()
  }

  /** Drains what runs and ends all; again: puts back at once. Resolves when every process has ended. */
  async stop(): Promise<void> {
    const first = !this.#stopping
    this.#stopping = true
    clearTimeout(this.#timer)
    // Those that never started hold nothing.
    if (first) for (const one of this.#alive) if (one !== this.#serving) one.kill()
    this.#serving?.stop()
    await Promise.all([...this.#alive].map((one) => one.ended))
  }

  #reload(): void {
    if (this.#stopping) return
    clearTimeout(this.#timer)
    if (this.#loading !== undefined) this.#again = true
    else void this.#load()
  }

  async #load(): Promise<void> {
    const generation = this.fork()
    this.#loading = generation
    this.#alive.add(generation)
    void generation.ended.then(() => this.#alive.delete(generation))
    try {
      const module = await generation.loaded
      if (this.#stopping) return
      this.#standby?.generation.stop()
      this.#standby = { generation, module }
      void generation.ended.then(() => {
        if (this.#standby?.generation === generation) this.#standby = undefined
      })
      this.observer.loaded(module)
    } catch (error) {
      if (!this.#stopping) this.observer.refused(error, this.#serving !== undefined || this.#standby !== undefined)
    }
    this.#loading = undefined
    if (this.#stopping) return
    if (this.#again) {
      this.#again = false
      void this.#load()
    } else void this.#swap()
  }

  async #swap(): Promise<void> {
    if (this.#draining || this.#standby === undefined) return
    if (this.#serving !== undefined) {
      this.#draining = true
      this.observer.draining()
      this.#serving.stop()
      await this.#serving.ended
      this.#draining = false
      this.#serving = undefined
    }
    // A load under way brings a newer one, or comes back here.
    if (this.#stopping || this.#loading !== undefined) return
    if (this.#standby === undefined) return void this.#load()
    const { generation, module } = this.#standby
    this.#standby = undefined
    this.#serving = generation
    generation.start()
    this.observer.started(module)
    const startedAt = performance.now()
    void generation.ended.then((end) => this.#ended(generation, end, performance.now() - startedAt))
  }

  #ended(generation: Generation, end: WorkerProcessEnd, livedMs: number): void {
    if (this.#serving !== generation || this.#stopping || this.#draining) return
    this.#serving = undefined
    const pauseMs = end.dismissed ? null : this.#pause.next(livedMs)
    this.observer.died(end, pauseMs)
    if (pauseMs !== null) this.#timer = setTimeout(() => this.#reload(), pauseMs)
  }
}
