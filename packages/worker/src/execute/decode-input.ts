import { composeInput, InvalidInputError, type JobMessage } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { WorkerCodec } from '../host.js'

/** The message's own input as a JSON value. Throws `InvalidInputError` where another codec wrote it. */
export function decodeInput(message: JobMessage, codec: WorkerCodec | undefined): unknown {
  const name = message.extras.codec
  if (name === undefined) return message.input
  if (codec === undefined || codec.name !== name) {
    throw refusal(message.task, `the input was written by codec '${name}', which this worker does not have`)
  }
  return codec.decode(message.input)
}

/** The input of a job that waited for others: their outputs and its static part together. */
export async function composedInput(
  attempt: Attempt,
  message: JobMessage,
  part: unknown,
  codec: WorkerCodec | undefined,
): Promise<unknown> {
  const composition = message.extras.compose
  if (composition === undefined)
    throw refusal(message.task, 'outputs of other jobs came for a message that does not say what to do with them')
  const texts = attempt.reservation.composed ? await attempt.owner.seat.inputs(attempt.reservation) : []
  const outputs = texts.map((text) => decodeOutput(JSON.parse(text), codec))
  const composed = composeInput(composition, part, outputs)
  if (!composed.ok) throw refusal(message.task, composed.message)
  return composed.input
}

function decodeOutput(value: unknown, codec: WorkerCodec | undefined): unknown {
  return codec === undefined ? value : codec.decode(value)
}

function refusal(task: string, message: string): InvalidInputError {
  return new InvalidInputError({ task, issues: [{ path: '', message }] })
}
