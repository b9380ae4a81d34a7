import type { SignInEntry, SignInsPort } from '@millrace/broker'
import type { Connection } from '../connection.js'
import type { AppStore } from '../store/app-store.js'

export class MemorySignIns implements SignInsPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async begin(key: string, { text, keepMs }: SignInEntry): Promise<void> {
    const app = this.#swept()
    app.signIns.set(key, { text, until: app.clock.now() + keepMs })
  }

  async read(key: string): Promise<string | undefined> {
    return this.#swept().signIns.get(key)?.text
  }

  async renew(key: string, entry: SignInEntry): Promise<boolean> {
    if (!this.#swept().signIns.has(key)) return false
    await this.begin(key, entry)
    return true
  }

  async end(key: string): Promise<void> {
    this.#connection.store().signIns.delete(key)
  }

  #swept(): AppStore {
    const app = this.#connection.store()
    const now = app.clock.now()
    for (const [key, { until }] of app.signIns) if (until <= now) app.signIns.delete(key)
    return app
  }
}
