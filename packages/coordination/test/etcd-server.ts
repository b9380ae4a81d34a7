import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@millrace/embedded'

const found = spawnSync('etcd', ['--version'], { timeout: 5_000 })

/** Why tests on a real etcd cannot run here; undefined when they can. */
export const whyNoEtcd = found.status === 0 ? undefined : 'no etcd on PATH'

const ATTEMPTS = 5

/** Members of one etcd cluster, each a real process on loopback ports of its own. Their data lasts until `end`. */
export class EtcdCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), 'millrace-etcd-'))
  readonly #members: { readonly client: number; readonly peer: number; child: ChildProcess | undefined }[] = []

  private constructor() {}

  /** Every member of it answers. */
  static async start(size = 1): Promise<EtcdCluster> {
    // Until a member listens, another server may take its port.
    for (let attempt = 1; ; attempt++) {
      const cluster = new EtcdCluster()
      for (let index = 0; index < size; index++) {
        cluster.#members.push({ client: await freePort(), peer: await freePort(), child: undefined })
      }
      for (let index = 0; index < size; index++) cluster.launch(index)
      if (await cluster.#answers()) return cluster
      await cluster.end()
      if (attempt === ATTEMPTS) throw new Error(`an etcd cluster could not be started, ${ATTEMPTS} times`)
    }
  }

  get url(): string {
    return `etcd://${this.#members.map(({ client }) => `127.0.0.1:${client}`).join(',')}`
  }

  get port(): number {
    return this.#members[0]?.client ?? 0
  }

  /** Starts a member (again), on its data. */
  launch(index = 0): void {
    const member = this.#members[index]
    if (member === undefined) return
    const url = `http://127.0.0.1:${member.client}`
    const peers = this.#members.map(({ peer }, at) => `m${at}=http://127.0.0.1:${peer}`).join(',')
    // Short elections also make leases of one second possible.
    const settings = {
      name: `m${index}`,
      'data-dir': join(this.#folder, `m${index}`),
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': `http://127.0.0.1:${member.peer}`,
      'initial-advertise-peer-urls': `http://127.0.0.1:${member.peer}`,
      'initial-cluster': peers,
      'heartbeat-interval': '50',
      'election-timeout': '500',
      'log-level': 'error',
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    member.child = spawn('etcd', args, { stdio: 'ignore' })
  }

  /** Whether a read that needs a majority is answered by every member, before one of them ends. */
  async #answers(): Promise<boolean> {
    const deadline = performance.now() + 30_000
    for (const member of this.#members) {
      while (!(await answers(member.client))) {
        if (this.#members.some(({ child }) => hasEnded(child))) return false
        if (performance.now() > deadline) throw new Error('etcd did not come up within 30 s')
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    return true
  }

  /** As `kill -9`. */
  async kill(index = 0): Promise<void> {
    const child = this.#members[index]?.child
    if (child === undefined || hasEnded(child)) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** Loses the data of a member that was killed. */
  wipe(index = 0): void {
    rmSync(join(this.#folder, `m${index}`), { recursive: true, force: true })
  }

  freeze(index = 0): void {
    this.#members[index]?.child?.kill('SIGSTOP')
  }

  thaw(index = 0): void {
    this.#members[index]?.child?.kill('SIGCONT')
  }

  async call(path: string, body: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { method: 'POST', body: JSON.stringify(body) })
    return (await answer.json()) as Record<string, unknown>
  }

  async end(): Promise<void> {
    for (const index of this.#members.keys()) this.thaw(index)
    await Promise.all([...this.#members.keys()].map((index) => this.kill(index)))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return child === undefined || child.exitCode !== null || child.signalCode !== null
}

async function answers(port: number): Promise<boolean> {
  const body = JSON.stringify({ key: Buffer.from('a').toString('base64') })
  const signal = AbortSignal.timeout(1_000)
  const asked = fetch(`http://127.0.0.1:${port}/v3/kv/range`, { method: 'POST', body, signal })
  return asked.then((answer) => answer.ok).catch(() => false)
}
