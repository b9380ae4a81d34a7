import type { Broker } from '@millrace/broker'
import type { ClientScope } from './ports/client-scope.js'

/** The app's broker; once it is open, without a promise: no call waits for what is known. */
export class KnownBroker {
  readonly #scope: Pick<ClientScope, 'broker'>
  #known: { readonly opening: Promise<Broker>; readonly broker: Broker } | undefined

  constructor(scope: Pick<ClientScope, 'broker'>) {
    this.#scope = scope
  }

  get(): Broker | Promise<Broker> {
    const opening = this.#scope.broker()
    if (this.#known?.opening === opening) return this.#known.broker
    return opening.then((broker) => {
      this.#known = { opening, broker }
      return broker
    })
  }
}
