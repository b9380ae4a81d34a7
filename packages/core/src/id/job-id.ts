import { InvalidOptionError } from '../errors/input-errors.js'
import { routeOfJobId } from '../schedule/scheduled-job.js'
import { laneOfKey } from './hash-lane.js'

/**
 * A generated id has 22 characters: 8 for the time in ms, 4 for a counter within that ms, 8 random ones of this process,
 * 2 for the lane. Its 64 digits are in ASCII order, so that ids of one process sort as they were made.
 */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const LENGTH = 22
/** Added to the time so that every id starts with a letter (`J` until 2109): a leading hyphen would read as a flag. */
const TIME_OFFSET = 20 * 2 ** 42
/** How many values two digits have; also how many lanes can be named. */
const PAIRS = 4_096
const MAX_COUNTER = PAIRS * PAIRS - 1

let pairs: readonly string[] = []
/** Random characters and lane, per lane: made once. */
const tails: string[] = []
let random = ''
let currentMs = 0
let counter = -1
/** Time and upper half of the counter: changes once per ms, or per 4,096 ids within one. */
let head = ''

/** A new id for a job of this lane (0 … 4,095). Grows with each call in this process, also when the clock steps back. */
export function generateJobId(laneIndex: number): string {
  const tail = tails[laneIndex] ?? makeTail(laneIndex)
  const now = Date.now()
  if (now > currentMs) {
    currentMs = now
    counter = 0
    head = timeDigits(now) + pairs[0]
  } else if ((++counter & (PAIRS - 1)) === 0) {
    nextHead()
  }
  return head + pairs[counter & (PAIRS - 1)] + tail
}

/**
 * The lane that an id belongs to when its queue has so many lanes: the one a generated id ends with, where the queue has
 * it; else by hash (of the schedule's part only, for jobs that a schedule makes).
 */
export function laneOfJobId(id: string, lanes: number): number {
  if (lanes === 1) return 0
  if (id.length === LENGTH) {
    const lane = digitAt(id, LENGTH - 2) * 64 + digitAt(id, LENGTH - 1)
    if (lane >= 0 && lane < lanes) return lane
  }
  return laneOfKey(routeOfJobId(id), lanes)
}

function nextHead(): void {
  if (counter > MAX_COUNTER) {
    currentMs++
    counter = 0
  }
  head = timeDigits(currentMs) + pairs[counter >>> 12]
}

function makeTail(laneIndex: number): string {
  if (!Number.isInteger(laneIndex) || laneIndex < 0 || laneIndex >= PAIRS) {
    throw new InvalidOptionError({
      option: 'lane',
      found: laneIndex,
      expected: `a whole number from 0 to ${PAIRS - 1}`,
    })
  }
  if (pairs.length === 0) {
    pairs = Array.from({ length: PAIRS }, (_, value) => `${DIGITS[value >>> 6]}${DIGITS[value & 63]}`)
    for (const byte of crypto.getRandomValues(new Uint8Array(8))) random += DIGITS[byte & 63]
  }
  const tail = `${random}${pairs[laneIndex]}`
  tails[laneIndex] = tail
  return tail
}

function timeDigits(ms: number): string {
  const shifted = ms + TIME_OFFSET
  const upper = Math.floor(shifted / 0x1000000)
  const lower = shifted % 0x1000000
  return `${pairs[upper >>> 12]}${pairs[upper & 0xfff]}${pairs[lower >>> 12]}${pairs[lower & 0xfff]}`
}

/** Far below zero for a character that is no digit. */
function digitAt(id: string, index: number): number {
  const value = DIGITS.indexOf(id[index] ?? '?')
  return value < 0 ? -PAIRS : value
}
