import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Held by one process at a time: two servers on one folder would overwrite each other's files. */
export interface DataDirLock {
  /** Names the server that writes in the folder, which may need a moment longer to end than this process. */
  serverIs(pid: number): void
  release(): void
}

interface Holder {
  readonly pid: number
  readonly serverPid: number | undefined
}

const FILE = 'lock'
const SERVER_ENDS_WITHIN_MS = 12_000
const POLL_MS = 50

/**
 * Takes `folder` for this process. A lock left behind by a process that died is taken over, once its server has ended too.
 *
 * @throws Error naming the process that holds it, and what to do.
 */
export async function lockDataDir(folder: string): Promise<DataDirLock> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, FILE)
  const deadline = Date.now() + SERVER_ENDS_WITHIN_MS
  for (;;) {
    if (tryCreate(file)) return heldLock(file)
    const holder = readHolder(file)
    if (holder !== undefined) {
      if (isAlive(holder.pid)) throw inUse(file, holder.pid)
      if (isAlive(holder.serverPid)) {
        if (Date.now() > deadline) throw inUse(file, holder.serverPid)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      } else {
        takeAway(file, holder)
      }
    }
    if (Date.now() > deadline) throw new Error(`the lock ${file} can be neither taken nor removed: delete it`)
  }
}

function heldLock(file: string): DataDirLock {
  return {
    serverIs(pid) {
      writeFileSync(file, lockText({ pid: process.pid, serverPid: pid }))
    },
    release() {
      if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
    },
  }
}

/** Written aside and linked into place, so nobody ever reads a half-written lock. */
function tryCreate(file: string): boolean {
  const draft = `${file}.${process.pid}.${draftNumber++}`
  writeFileSync(draft, lockText({ pid: process.pid, serverPid: undefined }))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

let draftNumber = 0

/** Removes a dead holder's lock by renaming it first: of two processes that try, one moves it and the other finds none. */
function takeAway(file: string, dead: Holder): void {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  // Between reading and renaming, a third process may have put its own live lock there: give that one back.
  if (!Object.is(readHolder(aside)?.pid, dead.pid)) {
    try {
      linkSync(aside, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}

function lockText(holder: Holder): string {
  return holder.serverPid === undefined ? `${holder.pid}\n` : `${holder.pid} ${holder.serverPid}\n`
}

/** `undefined` when the file has gone meanwhile. A file that makes no sense counts as held by nobody. */
function readHolder(file: string): Holder | undefined {
  try {
    const [pid, serverPid] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
    return { pid: pid ?? Number.NaN, serverPid }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number | undefined): pid is number {
  if (pid === undefined || !Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function inUse(file: string, pid: number): Error {
  return new Error(
    `the data folder ${dirname(file)} is in use by process ${pid}: stop that process, give another folder, or set MILLRACE_BROKER to share its Redis (if that process is none of Millrace's, delete ${file})`,
  )
}
