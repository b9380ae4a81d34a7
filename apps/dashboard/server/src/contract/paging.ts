import { z } from 'zod'

export const MAX_PAGE_JOBS = 200
export const MAX_CURSOR_CHARACTERS = 1_000

/** Opaque: where the page before ended. */
export const cursorSchema = z.string().min(1).max(MAX_CURSOR_CHARACTERS)

/** A page's size in a query string, 1 … 200. */
export function limitSchema(initial: number) {
  return z.coerce.number().int().min(1).max(MAX_PAGE_JOBS).default(initial)
}
