import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startRedisServer } from '@millrace/embedded'
import type { Coordination, Stage } from '../run/scenario.js'
import { until } from '../run/until.js'

/** The servers that a coordinator of one kind needs, and how a candidate names them. */
export interface CoordinationServers {
  readonly ports: readonly number[]
  /** `MILLRACE_COORDINATOR` for a candidate that reaches them on these ports. */
  setting(ports: readonly number[]): string
  kill(index: number): Promise<void>
  /** Starts it again; a Redis is empty then. */
  restart(index: number): Promise<void>
}

/** Starts them; they end with the run. */
export function startCoordinationServers(kind: Coordination, stage: Stage): Promise<CoordinationServers> {
  return kind === 'etcd' ? startEtcd(stage) : startRedlock(stage)
}

const REDLOCK_SERVERS = 3

async function startRedlock(stage: Stage): Promise<CoordinationServers> {
  const servers = await Promise.all(Array.from({ length: REDLOCK_SERVERS }, () => startRedisServer()))
  stage.defer(() => Promise.all(servers.map((server) => server.close())))
  return {
    ports: servers.map(({ port }) => port),
    setting: (ports) => `redlock:${ports.map((port) => `redis://127.0.0.1:${port}`).join(',')}`,
    async kill(index) {
      servers[index]?.kill('SIGKILL')
      await servers[index]?.exited
    },
    async restart(index) {
      const port = servers[index]?.port
      if (port !== undefined) servers[index] = await startRedisServer({ port })
    },
  }
}

async function startEtcd(stage: Stage): Promise<CoordinationServers> {
  if (spawnSync('etcd', ['--version']).status !== 0) {
    throw new Error(
      "there is no etcd on PATH: install it ('apt-get install etcd-server'), or take --coordinator redlock",
    )
  }
  const [port, peer] = [await freePort(), await freePort()]
  const dir = join(stage.dir, 'etcd')
  mkdirSync(dir)
  const launch = async () => {
    const url = `http://127.0.0.1:${port}`
    const peers = `http://127.0.0.1:${peer}`
    // Leases are at least one and a half election timeouts long.
    const settings = {
      name: 'm0',
      'data-dir': dir,
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': peers,
      'initial-advertise-peer-urls': peers,
      'initial-cluster': `m0=${peers}`,
      'heartbeat-interval': '50',
      'election-timeout': '500',
      'log-level': 'error',
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    const child = spawn('etcd', args, { stdio: 'ignore' })
    await until('etcd answers', () => answers(port), 15_000)
    return child
  }
  let child = await launch()
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  stage.defer(kill)
  return {
    ports: [port],
    setting: ([proxied]) => `etcd://127.0.0.1:${proxied}`,
    kill,
    async restart() {
      child = await launch()
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const body = JSON.stringify({ key: 'YQ==' })
  const signal = AbortSignal.timeout(1_000)
  return fetch(`http://127.0.0.1:${port}/v3/kv/range`, { method: 'POST', body, signal }).then(
    ({ ok }) => ok,
    () => false,
  )
}
