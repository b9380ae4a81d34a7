import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tells other processes in this folder which broker `millrace dev` works with. `findBrokerAddress` reads it. */
export interface DevAddressFile {
  /** Leaves the file alone when it has become another process's meanwhile. */
  remove(): void
}

/** Owner only: the address may hold a password. Written aside and moved into place, so that nobody reads half of it. */
export function writeDevAddress(url: string, folder: string = process.cwd()): DevAddressFile {
  const own = join(folder, '.millrace')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, '.gitignore'), '*\n')
  const file = join(own, 'broker')
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${url}\n${process.pid}\n`, { mode: 0o600 })
  renameSync(draft, file)
  return {
    remove() {
      if (ownerOf(file) === process.pid) rmSync(file, { force: true })
    },
  }
}

function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[1])
  } catch {
    return undefined
  }
}
