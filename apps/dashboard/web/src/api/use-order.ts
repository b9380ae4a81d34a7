import type { LiveTopic } from '@millrace/dashboard/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '../design/toaster.js'

interface Order {
  readonly run: () => Promise<unknown>
  /** What to say when it was taken. */
  readonly said: string
}

/** Gives an order, says what came of it, and has what it changes read again. */
export function useOrder(topic: LiveTopic) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ run }: Order) => run(),
    onSuccess: (_answer, { said }) => toast('good', said),
    onError: (error) => toast('bad', error.message),
    onSettled: () => client.invalidateQueries({ queryKey: [topic] }),
  })
}
