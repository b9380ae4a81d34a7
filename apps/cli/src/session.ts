import { checkName, type Duration, InvalidOptionError, parseDuration } from '@millrace/core'
import {
  type Control,
  createControl,
  createMonitor,
  createScheduleControl,
  type Monitor,
  type ScheduleControl,
} from '@millrace/monitor'
import type { App } from 'millrace'
import { type AppModule, findAppModule, noAppModule } from './app-module/find-app-module.js'
import { CliError, UsageError } from './cli-error.js'
import type { GlobalArguments } from './global-options.js'
import { readProject } from './project.js'

/** How long a reading command waits for the broker unless `--timeout` says otherwise, ms. */
const CALL_MS = 5_000
const CLOSE_MS = 2_000

/** What a command works with: the app that the command line means, opened when first needed and closed at the end. */
export class Session {
  #app: Promise<App> | undefined

  constructor(
    private readonly args: GlobalArguments,
    private readonly cwd: string = process.cwd(),
  ) {
    // Read by the app, the module's own or ours, when it opens its broker.
    if (args.broker !== undefined) process.env['MILLRACE_BROKER'] = checkUrl(args.broker)
  }

  get json(): boolean {
    return this.args.json === true
  }

  /** `--timeout` in ms, where given. */
  get timeoutMs(): number | undefined {
    const { timeout } = this.args
    return timeout === undefined ? undefined : parseDuration(timeout as Duration, '--timeout')
  }

  /** The app module, where there is one. */
  findModule(): AppModule | undefined {
    return findAppModule(this.args.app, readProject(this.cwd), this.cwd)
  }

  /** The app of the app module, with its tasks. */
  loadedApp(): Promise<App> {
    this.#app ??= this.#load(this.findModule())
    return this.#app
  }

  /** The app by its name: loads the app module only where nothing else tells the name. */
  app(): Promise<App> {
    this.#app ??= this.#byName()
    return this.#app
  }

  async monitor(): Promise<Monitor> {
    return createMonitor(await this.#scope())
  }

  async control(): Promise<Control> {
    return createControl(await this.#scope())
  }

  async scheduleControl(): Promise<ScheduleControl> {
    return createScheduleControl(await this.#scope())
  }

  /** Throws `CliError` for a broker that only this process would see. */
  checkShared(app: App): void {
    const target = app.brokerTarget()
    if (typeof target === 'string' ? !target.startsWith('memory:') : target['shared'] !== false) return
    throw new CliError(
      `The broker of app ${app.name} lives in the memory of one process, where this command sees no other's jobs: name a redis:// URL with --broker or MILLRACE_BROKER.`,
    )
  }

  /** Never rejects, never takes long: what is not closed by then is closed by the process's end. */
  async close(): Promise<void> {
    const opened = this.#app
    if (opened === undefined) return
    const closed = opened.then((app) => app.close()).catch(() => undefined)
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
  }

  async #scope() {
    const app = await this.app()
    this.checkShared(app)
    return {
      app: app.name,
      broker: () => app.broker(),
      lanes: () => app.lanes(),
      timeoutMs: this.timeoutMs ?? CALL_MS,
    }
  }

  async #byName(): Promise<App> {
    const { name = readProject(this.cwd).name, app, prefix } = this.args
    if (name === undefined || app !== undefined) {
      const module = this.findModule()
      if (module !== undefined) return this.#load(module)
    }
    const { createApp } = await import('millrace')
    return createApp({ name: checkName('app', name ?? 'millrace'), ...(prefix !== undefined && { prefix }) })
  }

  async #load(module: AppModule | undefined): Promise<App> {
    if (module === undefined) throw noAppModule(this.cwd)
    const { loadAppModule } = await import('./app-module/load-app-module.js')
    const app = await loadAppModule(module)
    this.#checkAgrees(app, module)
    return app
  }

  /** An option that the module overrules must not be dropped in silence. */
  #checkAgrees(app: App, module: AppModule): void {
    const { broker, name, prefix } = this.args
    const target = app.brokerTarget()
    const overruled = (option: string, key: string) =>
      new UsageError(`${option} has no effect: ${module.shown} sets ${key} in createApp. Leave out one of the two.`)
    if (name !== undefined && name !== app.name) throw overruled('--name', 'name')
    if (prefix !== undefined && prefix !== app.prefix) throw overruled('--prefix', 'prefix')
    if (broker !== undefined && target !== broker) throw overruled('--broker', 'broker')
  }
}

function checkUrl(broker: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(broker)) return broker
  throw new InvalidOptionError({ option: '--broker', found: broker, expected: 'a URL such as redis://127.0.0.1:6379' })
}
