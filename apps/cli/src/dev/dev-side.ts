import type { Logger } from '@millrace/core'
import { type ServedDashboard, serveDashboard } from '@millrace/dashboard'
import { type App, createApp } from 'millrace'
import { type AppDispatcher, createDispatcher } from 'millrace/worker'
import { errorText } from '../error-text.js'
import { printEvent } from '../output/event-line.js'
import type { LoadedModule } from '../worker-process/messages.js'

/** What has to be the same for a side to go on after a change of the code. */
export function sideName({ app, prefix, broker }: LoadedModule): string {
  return `${app} ${prefix} ${broker}`
}

/** What stands beside the worker of `millrace dev` and outlasts its changes: the dispatcher and the dashboard. */
export class DevSide {
  readonly of: string
  readonly #app: App
  readonly #dispatcher: AppDispatcher
  #dashboard: ServedDashboard | undefined
  #starting: Promise<void> | undefined

  constructor(
    module: LoadedModule,
    private readonly setup: { readonly logger: Logger; readonly port: number },
  ) {
    const { app, prefix, broker } = module
    this.of = sideName(module)
    this.#app = createApp({ name: app, prefix, logger: setup.logger, ...(broker !== null && { broker }) })
    this.#dispatcher = createDispatcher(this.#app)
  }

  start(): Promise<void> {
    this.#starting ??= this.#start()
    return this.#starting
  }

  async stop(): Promise<void> {
    await this.#starting
    await Promise.all([this.#dispatcher.stop(), this.#dashboard?.close()])
    await this.#app.close()
  }

  async #start(): Promise<void> {
    await this.#dispatcher.start()
    try {
      this.#dashboard = await this.#serve(this.setup.port)
      printEvent('dashboard', this.#dashboard.url)
    } catch (error) {
      // Jobs run without it.
      printEvent('dashboard', `is not served: ${errorText(error)}`)
    }
  }

  #serve(port: number): Promise<ServedDashboard> {
    return serveDashboard({ app: this.#app, port }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === 0) throw error
      return this.#serve(0)
    })
  }
}
