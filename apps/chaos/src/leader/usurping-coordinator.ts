import type { AppDispatcherOptions } from 'millrace/worker'

type Coordinator = NonNullable<AppDispatcherOptions['coordinator']>

/** A coordinator that gives whoever asks a term at once and trusts it to the end: what no lock must ever do. */
export function usurpingCoordinator(): Coordinator {
  return {
    kind: 'usurping',
    async elect(_name, { candidate, signal, beforeCampaign, onTerm, onFault }) {
      for (let number = 1; !signal.aborted; number++) {
        const term = {
          candidate,
          number,
          token: number,
          signal,
          trusted: () => !signal.aborted,
          resign: async () => {},
        }
        try {
          await onTerm(term, await beforeCampaign())
        } catch (error) {
          onFault?.(error)
        }
        // Refused by the other leader's epoch: at once again, so that both go on believing.
        await new Promise(setImmediate)
      }
    },
    lock: () => Promise.reject(new Error('a usurper asks for no lock')),
    close: async () => {},
  }
}
