import type { Attributes } from '@opentelemetry/api'

const OPERATION_TYPES = { enqueue: 'send', attempt: 'process' } as const

/** What spans of jobs have in common, after the semantic conventions for messaging; what these have no name for is under `millrace`. */
export function jobAttributes(
  operation: keyof typeof OPERATION_TYPES,
  { task, queue }: { readonly task: string; readonly queue: string },
): Attributes {
  return {
    'messaging.system': 'millrace',
    'messaging.operation.name': operation,
    'messaging.operation.type': OPERATION_TYPES[operation],
    'messaging.destination.name': queue,
    'millrace.task': task,
  }
}
