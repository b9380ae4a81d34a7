import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-at-most-once' })

/** Calling a person twice is worse than not at all: no second attempt, and none after a crash. */
export const ring = app.define('phone.ring', {
  input: z.object({ number: z.string() }),
  output: z.string(),
  delivery: 'at-most-once',
  timeout: '30s',
})
