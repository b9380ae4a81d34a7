import { randomBytes } from 'node:crypto'
import type {
  CallOptions,
  Epoch,
  ScheduleAgenda,
  ScheduleDefinition,
  ScheduleDelivered,
  ScheduleDelivery,
  ScheduleFiring,
  SchedulePut,
  SchedulesPort,
  StoredSchedule,
} from '@millrace/broker'
import { laneName, MAX_SCHEDULE_BACKLOG } from '@millrace/broker'
import { StaleEpochError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { parseLane } from '../registry/lane-registry.js'
import type { Script } from '../scripts.generated.js'
import {
  claimDeploymentScript,
  fireSchedulesScript,
  listSchedulesScript,
  putSchedulesScript,
  readSchedulesScript,
  removeSchedulesScript,
  scheduleAgendaScript,
  scheduleDeliveredScript,
  scheduleDeliveriesScript,
} from '../scripts.generated.js'

const ROW = 5
const DEFAULT_PAGE = 100
const MAX_PAGE = 500
const DEPLOYMENT_KEPT_MS = 24 * 3_600_000

/** Schedules on Redis, all on the node that has the app's own keys. */
export class RedisSchedules implements SchedulesPort {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async read(names: readonly string[], options?: CallOptions) {
    const [now, ...rows] = (await this.#engine.onApp(readSchedulesScript, names, options)) as [string, ...unknown[]]
    return { now: Number(now), schedules: readRows(rows) }
  }

  async list(query: { readonly cursor?: string; readonly limit?: number }, options?: CallOptions) {
    const limit = Math.min(MAX_PAGE, Math.max(1, query.limit ?? DEFAULT_PAGE))
    const reply = await this.#engine.onApp(listSchedulesScript, [query.cursor ?? '', String(limit)], options)
    const [more, ...rows] = reply as [number, ...unknown[]]
    const schedules = readRows(rows).filter((each) => each !== undefined)
    return { schedules, cursor: more === 1 ? schedules.at(-1)?.name : undefined }
  }

  async put(puts: readonly SchedulePut[], options?: CallOptions): Promise<readonly boolean[]> {
    const args = puts.flatMap(({ definition, seen = '', nextTick, watermark, paused }) => [
      definition.name,
      seen,
      randomBytes(9).toString('base64url'),
      JSON.stringify(definition),
      text(nextTick),
      text(watermark),
      paused ? '1' : '0',
    ])
    return ((await this.#engine.onApp(putSchedulesScript, args, options)) as number[]).map((answer) => answer === 1)
  }

  async remove(names: readonly string[], options?: CallOptions): Promise<number> {
    return (await this.#engine.onApp(removeSchedulesScript, names, options)) as number
  }

  async claim(owner: string, deployment: string, options?: CallOptions) {
    const args = [owner, deployment, String(DEPLOYMENT_KEPT_MS)]
    return (await this.#engine.onApp(claimDeploymentScript, args, options)) as 'new' | 'current' | 'superseded'
  }

  async agenda(epoch: Epoch, aheadMs: number, options?: CallOptions): Promise<ScheduleAgenda> {
    const [now, dueAt, crowded, deliverAt, ...rows] = await this.#fenced<string[]>(scheduleAgendaScript, {
      epoch,
      args: [text(Math.round(aheadMs))],
      options,
    })
    const due = chunks(rows, 4).map(([name = '', tick, revision = '', fired]) => ({
      name,
      tick: Number(tick),
      revision,
      fired: Number(fired),
    }))
    return { now: Number(now), due, dueAt: number(dueAt), crowded: crowded === '1', deliverAt: number(deliverAt) }
  }

  async fire(epoch: Epoch, firings: readonly ScheduleFiring[], options?: CallOptions): Promise<readonly boolean[]> {
    const args = firings.flatMap((firing) => [
      firing.name,
      firing.revision,
      text(firing.tick),
      text(firing.nextTick),
      text(firing.watermark),
      laneName(firing.lane),
      firing.overlap === 'queue' ? 'q' : 'a',
      String(MAX_SCHEDULE_BACKLOG),
      String(firing.ticks.length),
      ...firing.ticks.map(text),
    ])
    const answers = await this.#fenced<number[]>(fireSchedulesScript, { epoch, args, options })
    return answers.map((answer) => answer === 1)
  }

  async deliveries(epoch: Epoch, options?: CallOptions): Promise<readonly ScheduleDelivery[]> {
    const reply = await this.#fenced<(string | number)[]>(scheduleDeliveriesScript, { epoch, args: [], options })
    const found: ScheduleDelivery[] = []
    for (let at = 0; at < reply.length; ) {
      const [name, revision, count] = reply.slice(at, at + 3)
      const pairs = chunks(reply.slice(at + 3, at + 3 + 2 * Number(count)).map(String), 2)
      const ticks = pairs.map(([tick, lane = '']) => ({ tick: Number(tick), lane: parseLane(lane) }))
      found.push({ name: String(name), revision: String(revision), ticks })
      at += 3 + 2 * Number(count)
    }
    return found
  }

  async delivered(epoch: Epoch, answers: readonly ScheduleDelivered[], options?: CallOptions): Promise<void> {
    const args = answers.flatMap(({ name, first, done, skipped, retryMs }) => [
      name,
      ...[first, done, skipped, Math.round(retryMs)].map(String),
    ])
    await this.#fenced(scheduleDeliveredScript, { epoch, args, options })
  }

  async #fenced<T>(
    script: Script,
    { epoch, args, options }: { epoch: Epoch; args: readonly string[]; options: CallOptions | undefined },
  ): Promise<T> {
    try {
      return (await this.#engine.onApp(script, [String(epoch), ...args], options)) as T
    } catch (error) {
      throw error instanceof StaleEpochError ? new StaleEpochError({ epoch, seen: error.seen }) : error
    }
  }
}

function readRows(rows: readonly unknown[]): readonly (StoredSchedule | undefined)[] {
  return chunks(rows, ROW).map(([, definition, mark, nextTick, backlog]) => {
    if (definition === '' || mark === '') return undefined
    const [revision = '', watermark, fired, skipped, paused, createdAt, last] = String(mark).split(' ')
    return {
      ...(JSON.parse(String(definition)) as ScheduleDefinition),
      revision,
      nextTick: number(nextTick),
      watermark: Number(watermark),
      fired: Number(fired),
      skipped: Number(skipped),
      paused: paused === '1',
      lastTick: last === '-' ? undefined : Number(last),
      createdAt: Number(createdAt),
      backlog: Number(backlog),
    }
  })
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: list.length / size }, (_, index) => list.slice(index * size, (index + 1) * size))
}

function number(value: unknown): number | undefined {
  return value === '' || value === undefined ? undefined : Number(value)
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}
