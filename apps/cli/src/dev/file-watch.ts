import { type FSWatcher, statSync, watch } from 'node:fs'
import { dirname, extname, join } from 'node:path'

const SOURCES = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json']
/** A save of several files, or a save by way of a rename, is one change. */
const QUIET_MS = 100

/** Tells of changes to files. Watches their folders, since editors replace a file rather than write it. */
export class FileWatch {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #stamps = new Map<string, string>()
  readonly #changed = new Set<string>()
  #files: ReadonlySet<string> = new Set()
  #anyFile = false
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly tell: (files: readonly string[]) => void) {}

  /** `anyFile`: every source file beside these counts, also a new one: for a module that lacks something. */
  follow(files: readonly string[], anyFile: boolean): void {
    this.#files = new Set(files)
    this.#anyFile = anyFile
    for (const file of files) this.#stamps.set(file, stampOf(file))
    const folders = new Set(files.map((file) => dirname(file)))
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder)
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #watch(folder: string): void {
    const watcher = watch(folder, (_event, name) => {
      if (name !== null) this.#look(join(folder, name))
    })
    // A folder that goes away ends its watch; the module that needs it says so at the next load.
    watcher.on('error', () => watcher.close())
    this.#watchers.set(folder, watcher)
  }

  #look(file: string): void {
    if (!this.#files.has(file) && !(this.#anyFile && SOURCES.includes(extname(file)))) return
    const stamp = stampOf(file)
    if (this.#stamps.get(file) === stamp) return
    this.#stamps.set(file, stamp)
    this.#changed.add(file)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#report(), QUIET_MS)
  }

  #report(): void {
    const files = [...this.#changed]
    this.#changed.clear()
    this.tell(files)
  }
}

/** Tells one content of a file from another; '' for none. */
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.mtimeMs}:${stat.size}:${stat.ino}`
}
