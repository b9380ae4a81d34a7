import type { Session } from '@millrace/dashboard/contract'
import type { QueryClient } from '@tanstack/react-query'
import { readSession } from '../api/queries.js'

/** Somebody else looks from now on: nothing that was read for the one before is shown to them. */
export function changeSession(client: QueryClient, session: Session): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  client.setQueryData(readSession().queryKey, session)
}
