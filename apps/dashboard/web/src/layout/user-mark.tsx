import type { Session } from '@millrace/dashboard/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { readSession } from '../api/queries.js'
import { post } from '../api/request.js'
import { Button } from '../design/button.js'
import { toast } from '../design/toaster.js'
import { changeSession } from '../session/change-session.js'
import { useMe } from '../session/use-me.js'
import './user-mark.css'

/** Who is signed in, as what, and the way out. */
export function UserMark() {
  const me = useMe()
  const { data: session } = useQuery(readSession())
  const client = useQueryClient()
  const leave = async () => {
    try {
      const after = await post<Session>('/logout')
      changeSession(client, after)
    } catch (error) {
      toast('bad', (error as Error).message)
    }
  }
  return (
    <div className="user">
      <div className="user__who">
        <span className="user__name">{me.name}</span>
        <span className="user__role">{me.role}</span>
      </div>
      {session?.login === 'password' && (
        <Button look="quiet" icon="leave" label="Sign out" onClick={() => void leave()} />
      )}
    </div>
  )
}
