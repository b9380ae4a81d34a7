import type { JobAction, JobActionAnswer } from '@millrace/dashboard/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { post } from '../api/request.js'
import { toast } from '../design/toaster.js'

export interface JobOrder {
  readonly id: string
  readonly queue: string
  readonly action: JobAction
  readonly delayMs?: number | undefined
}

/** Acts on one job, says what came of it, and has the lists read again. */
export function useJobAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...order }: JobOrder) => post<JobActionAnswer>(`/jobs/${encodeURIComponent(id)}/actions`, order),
    onSuccess: ({ done, message }) => toast(done ? 'good' : 'bad', message),
    onError: (error) => toast('bad', error.message),
    onSettled: () =>
      Promise.all(
        ['jobs', 'job', 'retries', 'failed', 'queues'].map((topic) => client.invalidateQueries({ queryKey: [topic] })),
      ),
  })
}
