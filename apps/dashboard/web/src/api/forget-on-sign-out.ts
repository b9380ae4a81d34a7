import type { QueryClient } from '@tanstack/react-query'
import { RequestError } from './request.js'

/** Any answer that says "sign in first" has the session asked again, which leads to the login page. */
export function forgetOnSignOut(client: QueryClient): void {
  const ask = (error: unknown) => {
    if (!(error instanceof RequestError) || error.code !== 'not-signed-in') return
    void client.invalidateQueries({ queryKey: ['session'] })
  }
  client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') ask(event.action.error)
  })
  client.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action?.type === 'error') ask(event.action.error)
  })
}
