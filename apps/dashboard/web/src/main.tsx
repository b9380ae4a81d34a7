import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './design/tokens.css'
import './design/base.css'
import './design/sheet.css'
import { forgetOnSignOut } from './api/forget-on-sign-out.js'
import { RequestError } from './api/request.js'
import { Toaster } from './design/toaster.js'
import { router } from './router.js'
import { SessionGate } from './session/session-gate.js'

/** Worth another try: the others answer the same again. */
function isPassing(error: Error): boolean {
  return error instanceof RequestError && (error.code === 'unreachable' || error.code === 'broker-unavailable')
}

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The stream says what changed; this is for pages that come back.
      staleTime: 2_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
})
forgetOnSignOut(client)

const element = document.getElementById('root')
if (element !== null) {
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
        <Toaster />
      </QueryClientProvider>
    </StrictMode>,
  )
}
