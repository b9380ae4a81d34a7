import { type Me, mayDo, type Permission } from '@millrace/dashboard/contract'
import { createContext, useContext } from 'react'

export const MeContext = createContext<Me | undefined>(undefined)

/** Who is signed in. Only inside the session's gate. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (me === undefined) throw new Error('useMe outside of SessionGate')
  return me
}

/** Whether the viewer may; the server refuses it anyway. */
export function useMay(): (permission: Permission) => boolean {
  const { role } = useMe()
  return (permission) => mayDo(role, permission)
}
