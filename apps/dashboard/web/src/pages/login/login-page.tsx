import type { Session } from '@millrace/dashboard/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { post } from '../../api/request.js'
import { Button } from '../../design/button.js'
import { Notice } from '../../design/notice.js'
import { TextField } from '../../design/text-field.js'
import { Brand } from '../../layout/brand.js'
import { changeSession } from '../../session/change-session.js'
import './login-page.css'

export function LoginPage() {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    document.title = 'Sign in · Millrace'
  }, [])

  const enter = async () => {
    setBusy(true)
    try {
      const session = await post<Session>('/login', { name, password })
      changeSession(client, session)
    } catch (refused) {
      setError(refused as Error)
      setPassword('')
      setBusy(false)
    }
  }

  return (
    <main className="login">
      <form
        className="login__card"
        onSubmit={(event) => {
          event.preventDefault()
          void enter()
        }}
      >
        <Brand />
        <h1>Sign in</h1>
        {error !== undefined && <Notice tone="bad">{error.message}</Notice>}
        <TextField
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" busy={busy}>
          Sign in
        </Button>
      </form>
    </main>
  )
}
