import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One execution that a handler put on record. */
export interface Effect {
  readonly jobId: string
  readonly attempt: number
  readonly crashes: number
  readonly token: string
  readonly pid: number
  /** Ms since the epoch. */
  readonly at: number
  /** What its producer knows it by; empty where that is the id alone. */
  readonly key: string
}

/** What the workers' ledgers say together. */
export interface Effects {
  /** By job id, in the order of their tokens. */
  readonly executions: ReadonlyMap<string, readonly Effect[]>
  /** `id token` of the executions whose effect was over → when, ms since the epoch. */
  readonly ended: ReadonlyMap<string, number>
  /** Verdicts that a worker was told to be refused. */
  readonly refused: readonly { readonly jobId: string; readonly pid: number; readonly at: number }[]
}

export const EFFECTS_SUFFIX = '.effects'

/** Reads every ledger in a folder. A last line without its end was cut by a kill: its handler never went on. */
export function readEffects(dir: string): Effects {
  const executions = new Map<string, Effect[]>()
  const ended = new Map<string, number>()
  const refused: { jobId: string; pid: number; at: number }[] = []
  for (const name of readdirSync(dir)) {
    if (!name.endsWith(EFFECTS_SUFFIX)) continue
    const lines = readFileSync(join(dir, name), 'utf8').split('\n')
    lines.pop()
    for (const line of lines) {
      const [kind, jobId = '', ...rest] = line.split(' ')
      if (kind === 'B') {
        const [attempt, crashes, token = '', pid, at, key = ''] = rest
        const effect = {
          jobId,
          attempt: Number(attempt),
          crashes: Number(crashes),
          token,
          pid: Number(pid),
          at: Number(at),
          key,
        }
        const known = executions.get(jobId)
        if (known === undefined) executions.set(jobId, [effect])
        else known.push(effect)
      } else if (kind === 'E') ended.set(`${jobId} ${rest[0]}`, Number(rest[2]))
      else if (kind === 'L') refused.push({ jobId, pid: Number(rest[1]), at: Number(rest[2]) })
      else throw new Error(`${name}: not a line of a ledger: ${line}`)
    }
  }
  for (const list of executions.values()) list.sort((a, b) => Number(BigInt(a.token) - BigInt(b.token)))
  return { executions, ended, refused }
}

/** Ms from a process's death to the next execution of each job that it had begun and that ran again. */
export function recoveriesAfter(
  effects: Effects,
  deaths: readonly { readonly pid: number; readonly at: number }[],
): number[] {
  const diedAt = new Map(deaths.map(({ pid, at }) => [pid, at]))
  const recoveries: number[] = []
  for (const list of effects.executions.values()) {
    if (list.length < 2) continue
    for (let i = 0; i + 1 < list.length; i++) {
      const death = diedAt.get((list[i] as Effect).pid)
      const next = (list[i + 1] as Effect).at
      if (death !== undefined && next >= death) recoveries.push(next - death)
    }
  }
  return recoveries
}
