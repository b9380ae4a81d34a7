import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-bulk-import' })

const Customer = z.object({ id: z.string(), name: z.string().min(1) })

/** One file: split into rows, which are jobs of their own. */
export const importFile = app.define('import.file', {
  input: z.object({ path: z.string() }),
  output: z.object({ rows: z.number(), refused: z.number() }),
  queue: 'imports',
  timeout: '10m',
})

export const importCustomer = app.define('import.customer', { input: Customer, queue: 'customers' })

export const isCustomer = (row: unknown) => Customer.safeParse(row).success
