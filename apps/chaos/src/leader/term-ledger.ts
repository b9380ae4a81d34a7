import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const TERMS_SUFFIX = '.terms'

/** A term that a process began. */
export interface LedTerm {
  readonly epoch: number
  readonly pid: number
  /** Begun without the lock, by our hand. */
  readonly usurped: boolean
  /** When it asked for the epoch, having won the lock: ms since the epoch. */
  readonly askedAt: number
}

/** A call under an epoch, as its process began it. */
export interface FencedCall {
  readonly epoch: number
  readonly pid: number
  readonly verb: string
  readonly at: number
}

/** What the candidates' ledgers say together. */
export interface Terms {
  readonly led: readonly LedTerm[]
  readonly calls: readonly FencedCall[]
  /** Calls that the store refused because it knew a newer epoch. */
  readonly refused: readonly FencedCall[]
}

/**
 * The append-only file of one candidate process; each line is in the kernel's hands before the call that it speaks of, so a kill
 * loses none.
 *
 * Lines: `T epoch usurped(0|1) pid ms` (a term was begun), `C epoch verb pid ms` (a call), `S epoch verb pid ms` (it was refused as stale).
 */
export class TermLedger {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  began(epoch: number, { usurped, askedAt }: { usurped: boolean; askedAt: number }): void {
    writeSync(this.#file, `T ${epoch} ${usurped ? 1 : 0} ${process.pid} ${askedAt}\n`)
  }

  call(epoch: number, verb: string): void {
    writeSync(this.#file, `C ${epoch} ${verb} ${process.pid} ${Date.now()}\n`)
  }

  refused(epoch: number, verb: string): void {
    writeSync(this.#file, `S ${epoch} ${verb} ${process.pid} ${Date.now()}\n`)
  }
}

/** Reads every term ledger in a folder. A last line without its end was cut by a kill: its call was never made. */
export function readTerms(dir: string): Terms {
  const led: LedTerm[] = []
  const calls: FencedCall[] = []
  const refused: FencedCall[] = []
  for (const name of readdirSync(dir)) {
    if (!name.endsWith(TERMS_SUFFIX)) continue
    const lines = readFileSync(join(dir, name), 'utf8').split('\n')
    lines.pop()
    for (const line of lines) {
      const [kind, epoch, what = '', pid, at] = line.split(' ')
      const common = { epoch: Number(epoch), pid: Number(pid) }
      if (kind === 'T') led.push({ ...common, usurped: what === '1', askedAt: Number(at) })
      else if (kind === 'C') calls.push({ ...common, verb: what, at: Number(at) })
      else if (kind === 'S') refused.push({ ...common, verb: what, at: Number(at) })
      else throw new Error(`${name}: not a line of a term ledger: ${line}`)
    }
  }
  led.sort((a, b) => a.epoch - b.epoch)
  return { led, calls, refused }
}
