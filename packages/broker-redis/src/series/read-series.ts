import {
  type CallOptions,
  type Lane,
  type LaneSeries,
  MAX_SERIES_STEPS,
  type SeriesPoint,
  type SeriesQuery,
  type TaskTally,
} from '@millrace/broker'
import type { Engine } from '../engine.js'
import { readSeriesScript } from '../scripts.generated.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The series of one lane: the lines that were rolled up, and the minutes that still run. */
export async function readSeries(
  engine: Engine,
  lane: Lane,
  call: { readonly query: SeriesQuery; readonly options: CallOptions | undefined },
): Promise<LaneSeries> {
  const { unit, from, to } = call.query
  const stepMs = unit === 'minute' ? MINUTE : HOUR
  const first = Math.max(0, Math.floor(from / stepMs))
  const last = Math.min(Math.ceil(to / stepMs) - 1, first + MAX_SERIES_STEPS - 1)
  if (!(last >= first)) return { points: [], lookedUntil: first * stepMs }
  const args = [unit === 'minute' ? 'm' : 'h', String(first), String(last)]
  const reply = (await engine.onLane(readSeriesScript, lane, args, call.options ?? {})) as unknown[]
  const [rolled, lines] = reply.slice(0, 2).map(Number) as [number, number]
  const points = new Map<number, Point>()
  for (let i = 0; i < lines; i++) {
    const at = Number(reply[2 + 2 * i]) * stepMs
    addLine(pointAt(points, at), String(reply[3 + 2 * i]))
  }
  for (const row of reply.slice(2 + 2 * lines)) {
    const [minute, ...figures] = (row as unknown[]).map(String)
    addFigures(pointAt(points, Math.floor((Number(minute) * MINUTE) / stepMs) * stepMs), figures)
  }
  const lookedUntil = rolled < 0 ? first * stepMs : (rolled + 1) * MINUTE
  return { points: [...points.values()].sort((a, b) => a.at - b.at).map(seal), lookedUntil }
}

type Figures = [succeeded: number, retried: number, failed: number, busyMs: number]

interface Point {
  readonly at: number
  readonly tasks: Map<string, Figures>
  backlog: number | undefined
  oldestReadyMs: number | undefined
}

function pointAt(points: Map<number, Point>, at: number): Point {
  let point = points.get(at)
  if (point === undefined) {
    point = { at, tasks: new Map(), backlog: undefined, oldestReadyMs: undefined }
    points.set(at, point)
  }
  return point
}

/** Of roll-up.lua. What cannot be read reads as nothing. */
function addLine(point: Point, text: string): void {
  try {
    const [backlog, oldest, tasks] = JSON.parse(text) as [number | null, number | null, Record<string, Figures>]
    point.backlog = backlog ?? undefined
    point.oldestReadyMs = oldest ?? undefined
    for (const [task, figures] of Object.entries(tasks)) add(point, task, figures)
  } catch {
    // Left out.
  }
}

const PLACES = { s: 0, r: 1, f: 2, b: 3 } as const

/** Of a `stats` hash: `s:mail.send`, `3`, … */
function addFigures(point: Point, figures: readonly string[]): void {
  for (let i = 0; i + 1 < figures.length; i += 2) {
    const field = figures[i] as string
    const place = PLACES[field[0] as keyof typeof PLACES]
    if (place === undefined) continue
    const row: Figures = [0, 0, 0, 0]
    row[place] = Number(figures[i + 1])
    add(point, field.slice(2), row)
  }
}

function add(point: Point, task: string, figures: Figures): void {
  const sum = point.tasks.get(task) ?? [0, 0, 0, 0]
  point.tasks.set(task, sum.map((value, index) => value + (figures[index] ?? 0)) as Figures)
}

function seal({ at, tasks, backlog, oldestReadyMs }: Point): SeriesPoint {
  const tallies = [...tasks].map(
    ([task, [succeeded, retried, failed, busyMs]]): TaskTally => ({ task, succeeded, retried, failed, busyMs }),
  )
  return { at, tasks: tallies, backlog, oldestReadyMs }
}
