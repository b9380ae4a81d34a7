import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-clean-up' })

export const cleanUp = app.define('files.clean-up', {
  input: z.object({ folder: z.string(), olderThanMs: z.number() }),
  output: z.object({ removed: z.array(z.string()) }),
})

// #region schedule
/** Every night at three, once for however many nights were missed, and never two at a time. */
app.schedule(
  'nightly-clean-up',
  { cron: '0 3 * * *', timezone: 'Europe/Paris', missed: 'once', overlap: 'skip' },
  cleanUp.with({ folder: process.env.EXAMPLE_FOLDER ?? 'tmp', olderThanMs: 3_600_000 }),
)
// #endregion
