import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { readSession } from '../api/queries.js'
import { Button } from '../design/button.js'
import { Notice } from '../design/notice.js'
import { LoginPage } from '../pages/login/login-page.js'
import { MeContext } from './use-me.js'

/** Shows its children to those who are signed in, and the way in to the others. The address stays, so it leads there afterwards. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data: session, error, refetch } = useQuery(readSession())
  if (session?.me) return <MeContext value={session.me}>{children}</MeContext>
  if (session?.login === 'password') return <LoginPage />
  if (session !== undefined) {
    return (
      <main className="alone">
        <h1>Not signed in</h1>
        <Notice tone="warn">
          The server that this dashboard is mounted in decides who may enter, and it knows nobody here. Sign in there
          first.
        </Notice>
      </main>
    )
  }
  if (error === null) return <main className="alone" aria-busy="true" />
  return (
    <main className="alone">
      <h1>No answer</h1>
      <Notice tone="bad" actions={<Button onClick={() => void refetch()}>Try again</Button>}>
        {error.message}
      </Notice>
    </main>
  )
}
