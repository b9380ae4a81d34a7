import { API_BASE, type EventName, type LiveEvent, type LiveTopic, type Operation } from '@millrace/dashboard/contract'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { BASE_PATH } from '../api/base-path.js'
import { readOperations } from '../api/queries.js'
import { setLiveState } from './live-state.js'

/** A browser gives up on a stream that was refused: then it is asked for anew after this. */
const RETRY_MS = 5_000

/** Listens to the server and has what changed read again, as long as the component is there. */
export function useLiveEvents(): void {
  const client = useQueryClient()
  useEffect(() => {
    let source = open(client, () => retryLater())
    let retry: ReturnType<typeof setTimeout> | undefined
    const retryLater = () => {
      retry = setTimeout(() => {
        source = open(client, () => retryLater())
      }, RETRY_MS)
    }
    return () => {
      clearTimeout(retry)
      source.close()
      setLiveState({ link: 'connecting' })
    }
  }, [client])
}

function open(client: QueryClient, onRefused: () => void): EventSource {
  const source = new EventSource(`${BASE_PATH}${API_BASE}/events`)
  const on = (name: EventName, handle: (data: string) => void) =>
    source.addEventListener(name, (event) => handle((event as MessageEvent<string>).data))

  let seenBefore = false
  on('hello', () => {
    setLiveState({ link: 'live' })
    // Whatever changed while nobody listened.
    if (seenBefore) void client.invalidateQueries()
    seenBefore = true
  })
  on('live', (data) => {
    const latest = JSON.parse(data) as LiveEvent
    setLiveState({ link: 'live', latest })
    for (const topic of latest.topics) void readAgain(client, topic)
  })
  on('operation', (data) => noteOperation(client, JSON.parse(data) as Operation))
  on('broker-lost', () => setLiveState({ link: 'broker-lost' }))
  on('signed-out', () => {
    source.close()
    void client.invalidateQueries({ queryKey: ['session'] })
  })
  source.onerror = () => {
    setLiveState({ link: 'connecting' })
    if (source.readyState !== EventSource.CLOSED) return
    void client.invalidateQueries({ queryKey: ['session'] })
    onRefused()
  }
  return source
}

/**
 * Lets a reading that is under way finish, so that news faster than answers cannot starve a page, and reads once more
 * after it: it may have begun before what changed.
 */
async function readAgain(client: QueryClient, topic: LiveTopic): Promise<void> {
  const underWay = client.isFetching({ queryKey: [topic] }) > 0
  await client.invalidateQueries({ queryKey: [topic] }, { cancelRefetch: false })
  if (underWay) await client.invalidateQueries({ queryKey: [topic] }, { cancelRefetch: false })
}

/** Puts the operation's newest word into the list that is shown. The stream may be faster than the answer to the order. */
export function noteOperation(client: QueryClient, operation: Operation): void {
  client.setQueryData(readOperations().queryKey, (known) => {
    const before = known?.operations.find(({ id }) => id === operation.id)
    if (before !== undefined && (before.endedAt !== null || before.handled > operation.handled)) return known
    return { operations: [operation, ...(known?.operations ?? []).filter((one) => one !== before)] }
  })
}
