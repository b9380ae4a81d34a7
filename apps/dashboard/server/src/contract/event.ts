import { z } from 'zod'
import { instantSchema } from './names.js'

/** Names of the server-sent events; every `data` is JSON. A comment line every 15 s keeps the connection. */
export const EVENT_NAMES = ['hello', 'live', 'operation', 'signed-out', 'broker-lost'] as const

/**
 * `hello`: first, once. `live`: something changed, at most one per look (2 s); a slow reader gets the latest, with the topics
 * of those it missed. `operation`: an `Operation`, at its start, along its way, at its end. `signed-out`: the session is over.
 * `broker-lost`: the broker does not answer; `live` comes again when it does.
 */
export type EventName = (typeof EVENT_NAMES)[number]

export const LIVE_TOPICS = [
  'overview',
  'queues',
  'jobs',
  'job',
  'retries',
  'failed',
  'workers',
  'leader',
  'schedules',
  'audit',
] as const

/** What may read differently now: fetch it again where it is shown. `job`: the page of one job, also for what its handler said. */
export type LiveTopic = (typeof LIVE_TOPICS)[number]

export const helloEventSchema = z.object({
  at: instantSchema,
  /** How often the server looks, ms. */
  everyMs: z.number(),
})

export type HelloEvent = z.infer<typeof helloEventSchema>

export const liveEventSchema = z.object({
  at: instantSchema,
  topics: z.array(z.enum(LIVE_TOPICS)),
  totals: z.object({
    ready: z.number(),
    running: z.number(),
    due: z.number(),
    parked: z.number(),
    failed: z.number(),
    workers: z.number(),
  }),
  /** Jobs a second since the look before; null at the first. */
  perSecond: z.object({ succeeded: z.number(), retried: z.number(), failed: z.number() }).nullable(),
})

export type LiveEvent = z.infer<typeof liveEventSchema>
