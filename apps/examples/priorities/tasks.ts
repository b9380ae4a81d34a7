import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-priorities' })

export const send = app.define('push.send', { input: z.object({ to: z.string() }), output: z.number(), queue: 'push' })
