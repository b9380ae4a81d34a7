import type { JobAttrs, Lane, NewJob, Reservation } from '@millrace/broker'
import type { Verdict } from '@millrace/core'
import type { Dice } from './dice.js'
import type { WalkModel } from './walk-model.js'

export interface Draw {
  readonly dice: Dice
  readonly model: WalkModel
}

/** A job of any kind; now and then one that is there already, or was cancelled. `n`: makes its id new. */
export function drawJob(lane: Lane, n: number, { dice, model }: Draw): NewJob {
  const id = `${dice.pick(['j', '{j}*', 'jö"\\', "j'%s?"])}${n}`
  const message = `[1,"t",${n},1]`
  if (dice.chance(0.4)) return { id: (dice.chance(0.6) && model.someCancelled(lane, dice)) || id, message }
  const attrs: { -readonly [K in keyof JobAttrs]: JobAttrs[K] } = {}
  if (dice.chance(0.25)) attrs.named = true
  if (dice.chance(0.25)) attrs.priority = dice.pick([-100, -1, 1, 5, 100])
  if (dice.chance(0.2)) attrs.delayMs = dice.pick([0, 5, 300, 5_000])
  if (dice.chance(0.2))
    attrs.unique = { key: dice.pick(['t:a', 't:ü"/\\', 't:c']), until: dice.pick(['done', 'started']) }
  if (dice.chance(0.15)) attrs.expiresMs = dice.pick([1, 500, 30_000])
  if (dice.chance(0.15)) attrs.atMostOnce = true
  if (dice.chance(0.15)) attrs.maxCrashes = dice.pick([1, 2, 5])
  if (dice.chance(0.2)) attrs.waitsFor = dice.pick([1, 2, 3])
  const body = model.openBody(dice)
  if (body !== undefined && dice.chance(0.8)) attrs.joins = { lane: body.lane, id: body.id, index: body.index }
  const again = attrs.named ? model.someNamed(lane, dice) : undefined
  return again !== undefined && dice.chance(0.3)
    ? { id: again, message, attrs: { named: true } }
    : { id, message, attrs }
}

/** What a handler may have come to. */
export function drawVerdict(reservation: Reservation, dice: Dice): Verdict {
  const failure = {
    name: 'Error',
    message: 'boom "\\ \u00fc',
    reason: 'error',
    attempt: reservation.attemptsUsed + 1,
    at: 1,
  } as const
  return dice.weighted<Verdict>([
    [
      6,
      {
        kind: 'succeed',
        outputJson: reservation.feeds || dice.chance(0.3) ? `"${reservation.id.length}"` : undefined,
        keepMs: dice.pick([0, 0, 1, 60_000]),
      },
    ],
    [2, { kind: 'fail', failure, keepMs: dice.pick([0, 60_000]) }],
    [1, { kind: 'cancel' }],
    ...(reservation.atMostOnce
      ? []
      : ([
          [2, { kind: 'retry', failure, delayMs: dice.pick([0, 100, 3_000]) }],
          [2, { kind: 'release', delayMs: dice.pick([0, 0, 200]) }],
        ] as [number, Verdict][])),
  ])
}
