import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly deploy?: { readonly replicas: number }
}

const root = join(import.meta.dirname, '..')
const { services } = parse(readFileSync(join(root, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>
}
const IMAGES = ['node:24-bookworm-slim', 'redis:7']

/** Why these cases cannot run here; undefined: they can. */
const missing = whatIsMissing()

function whatIsMissing(): string | undefined {
  const docker = (...args: string[]) => spawnSync('docker', args, { stdio: 'ignore', timeout: 120_000 }).status === 0
  if (!docker('info')) return 'no Docker engine answers'
  const image = IMAGES.find((name) => !docker('image', 'inspect', name) && !docker('pull', name))
  return image && `the image ${image} is neither here nor to be had`
}

describe.skipIf(missing !== undefined)(`docker/compose.yaml${missing === undefined ? '' : ` (${missing})`}`, () => {
  let network: StartedNetwork
  const started: StartedTestContainer[] = []
  const service = (name: string) => services[name] as Service

  /** Starts a service as the file has it: image, command, environment, health check. */
  async function start(name: string, wait = Wait.forHealthCheck()): Promise<StartedTestContainer> {
    const { image, command = [], environment = {} } = service(name)
    const container = await new GenericContainer(image)
      .withCommand([...command])
      .withEnvironment({ ...environment })
      .withNetwork(network)
      .withNetworkAliases(name)
      .withWaitStrategy(wait)
      .withStartupTimeout(60_000)
      .start()
    started.push(container)
    return container
  }

  beforeAll(async () => {
    // Ryuk is one more image to fetch; what was started is stopped below.
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
    process.env['TESTCONTAINERS_HOST_OVERRIDE'] = '127.0.0.1'
    const built = spawnSync(
      'docker',
      ['build', '--quiet', '-f', 'docker/Dockerfile', '-t', service('worker').image, '.'],
      {
        cwd: root,
        encoding: 'utf8',
        timeout: 600_000,
      },
    )
    if (built.status !== 0) throw new Error(`docker build failed: ${built.stderr}`)
    network = await new Network().start()
    await start('redis', Wait.forLogMessage(/Ready to accept connections/))
    await Promise.all([
      ...Array.from({ length: service('worker').deploy?.replicas ?? 1 }, () => start('worker')),
      start('dispatcher'),
    ])
  }, 900_000)
  afterAll(async () => {
    await Promise.all(started.map((container) => container.stop()))
    await network?.stop()
  }, 60_000)

  const worker = () => started[1] as StartedTestContainer
  const millrace = (...args: string[]) => worker().exec(['millrace', ...args])

  it('runs a job on one of its workers, delayed ones through its dispatcher', { timeout: 60_000 }, async () => {
    const receipt = '{"orderId":"A-17","to":"ada@example.com"}'
    const now = await millrace('enqueue', 'mail.send-receipt', receipt, '--wait')
    expect(now).toMatchObject({ exitCode: 0 })
    expect(now.output).toContain('receipt-A-17')
    const later = await millrace('enqueue', 'mail.send-receipt', receipt, '--delay', '1s', '--wait')
    expect(later.output).toContain('receipt-A-17')
    expect(JSON.parse((await millrace('workers', '--json')).output)).toHaveLength(2)
  })

  it('has a Redis that forgets nothing: doctor finds no error and no want of persistence', async () => {
    const { output } = await millrace('doctor', '--json')
    const { ok, findings } = JSON.parse(output) as { ok: boolean; findings: { level: string; code: string }[] }
    expect(ok).toBe(true)
    const worries = findings.filter(({ level }) => level !== 'ok').map(({ code }) => code)
    expect(worries).not.toContain('persistence')
    expect(worries).not.toContain('eviction-policy')
  })

  it('runs as nobody special, and stops when told, with nothing left running', { timeout: 60_000 }, async () => {
    expect((await worker().exec(['id', '-u'])).output.trim()).not.toBe('0')
    const id = worker().getId()
    spawnSync('docker', ['stop', '--time', '40', id], { timeout: 60_000 })
    const state = spawnSync('docker', ['inspect', '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}', id], {
      encoding: 'utf8',
    })
    expect(state.stdout.trim()).toBe('0 false')
    const [other] = started.slice(2)
    const left = await (other as StartedTestContainer).exec(['millrace', 'workers', '--json'])
    expect(JSON.parse(left.output)).toHaveLength(1)
  })
})
