import type { Me } from '../contract/index.js'
import { dashboardVersion } from '../version.js'
import type { HandlersOf } from './api-call.js'
import type { ApiContext } from './api-context.js'
import { Refusal } from './refusal.js'

export const sessionHandlers: HandlersOf<'session' | 'login' | 'logout' | 'me'> = {
  session: ({ context, identity }) => viewSession(context, identity?.me ?? null),

  login: async ({ context, request, body, address, about, header }) => {
    about('session', body.name)
    if (context.authenticator.login !== 'password') {
      throw new Refusal('conflict', 'Nobody signs in here: there are no passwords.')
    }
    const answer = await context.authenticator.signIn(request, { ...body, address })
    switch (answer.kind) {
      case 'wrong':
        throw new Refusal('wrong-credentials', 'The name or the password is wrong.')
      case 'later': {
        const seconds = Math.ceil(answer.retryAfterMs / 1000)
        header('retry-after', String(seconds))
        const { retryAfterMs } = answer
        throw new Refusal('too-many-requests', `Too many tries: wait ${seconds} s.`, { retryAfterMs })
      }
      case 'in':
        header('set-cookie', answer.cookie)
        return viewSession(context, answer.me)
    }
  },

  logout: async ({ context, request, about, header }) => {
    about('session')
    header('set-cookie', await context.authenticator.signOut(request))
    return viewSession(context, null)
  },

  me: ({ identity }) => {
    if (identity === null) throw new Refusal('not-signed-in', 'Sign in first.')
    return identity.me
  },
}

function viewSession({ app, authenticator }: ApiContext, me: Me | null) {
  const known = me !== null
  return { app: known ? app.name : null, me, login: authenticator.login, version: known ? dashboardVersion() : null }
}
