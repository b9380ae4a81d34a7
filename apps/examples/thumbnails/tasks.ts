import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-thumbnails' })

/** Pictures travel as paths: a message is no place for megabytes. */
export const shrink = app.define('images.shrink', {
  input: z.object({ path: z.string(), width: z.int().positive() }),
  output: z.object({ path: z.string(), width: z.number(), height: z.number() }),
  queue: 'images',
  timeout: '1m',
  // A picture that makes the decoder run out of memory must not take the worker down three times.
  maxCrashes: 2,
})

export const publish = app.define('images.publish', {
  input: z.array(z.object({ path: z.string(), width: z.number(), height: z.number() })),
  output: z.string(),
})
