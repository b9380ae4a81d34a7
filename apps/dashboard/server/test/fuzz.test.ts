import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ROUTES, type Route } from '../src/contract/index.js'
import { openStage, play } from './stage.js'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
}

interface Endpoint {
  readonly path: string
  readonly method: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Schema
  }[]
  readonly body: Schema | undefined
}

/** What is there to be found. */
const KNOWN = ['f1', 'r1', 's1', 'plays', 'act', 'state:failed', 'state:retrying task:a*']

const NASTY = [
  '',
  '\0',
  '..%2f',
  '%',
  '💥',
  "'; DROP TABLE jobs; --",
  '$where',
  '__proto__',
  'constructor',
  '{{7*7}}',
  '(a+)+$',
  'a'.repeat(600),
  '*'.repeat(200),
  'state:failed',
  'task:*',
  'error:"',
  'f1',
  'plays',
  '-1',
  '1e309',
  'NaN',
  'null',
  '\ud800',
]

const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...NASTY),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom<unknown>({ __proto__: { x: 1 } }, [[]], [null], {}, -0, 2 ** 53, Number.MAX_VALUE),
)

/** Mostly what the schema says, sometimes just beside it, sometimes anything. */
function mostly(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anything })
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined && choices.length > 0) return fc.oneof(...choices.map(mostly))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom<unknown>(...schema.enum)
  switch (schema.type) {
    case 'string':
      return fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...KNOWN) },
        { weight: 2, arbitrary: fc.constantFrom(...NASTY) },
        { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
      )
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 1_000, 10 ** 9) }),
        fc.integer(),
      )
    case 'array':
      return fc.array(mostly(schema.items ?? {}), { maxLength: 4 })
    case 'object': {
      const entries = Object.entries(schema.properties ?? {}).map(([name, each]) => [name, mostly(each)] as const)
      const keys = schema.required ?? []
      return fc.record(Object.fromEntries(entries), { requiredKeys: keys as never[] })
    }
    default:
      return anything
  }
}

function requestFor({ path, method, parameters, body }: Endpoint) {
  const values = fc.tuple(
    ...parameters.map(({ required, schema }) =>
      required ? mostly(schema) : fc.option(mostly(schema), { nil: undefined }),
    ),
  )
  const wanted = body === undefined ? fc.constant(undefined) : mostly(body)
  return fc
    .record({
      values,
      body: wanted,
      raw: fc.option(fc.constantFrom('{', '[]', 'null', '"x"', '{"a":1}{', '\0'), { freq: 30 }),
      extra: fc.option(
        fc.constantFrom('limit=0', 'limit=1e9', 'cursor=%00', 'q=%ff', 'x[]=1', '&&==', '__proto__[x]=1'),
        { freq: 12 },
      ),
      method: fc.oneof(
        { weight: 40, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS') },
      ),
    })
    .map((made) => {
      let address = path
      const query: string[] = []
      for (const [index, { name, in: place }] of parameters.entries()) {
        if (made.values[index] === undefined) continue
        const text = encode(made.values[index])
        if (place === 'path') address = address.replace(`{${name}}`, () => segment(text))
        else query.push(`${name}=${text}`)
      }
      if (made.extra !== null) query.push(made.extra)
      const sends = made.method !== 'GET' && made.method !== 'HEAD'
      return {
        path: query.length === 0 ? address : `${address}?${query.join('&')}`,
        method: made.method,
        ...(sends && { body: made.raw ?? JSON.stringify(made.body ?? {}) }),
      }
    })
}

/** A URL drops empty segments and those of dots: they would name another address. */
function segment(text: string): string {
  return /^\.{0,2}$/.test(text) ? '%20' : text
}

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.toWellFormed())
}

const REQUESTS = 10_000
/** What must not be in a refusal: a stack, a path of the disk. Answers about jobs hold the stacks of their handlers. */
const STACKS = /\\n\s+at |node_modules|file:\/\/|\/src\/|\.ts:\d/
/** What must not be in any answer: the address of a store, a field that holds a secret. */
const SECRETS = /memory:\/\/|passwordHash|tokenHash|scrypt\$/

test(`${REQUESTS} requests made from the OpenAPI document: no 5xx, no stack, no secret; successes fit their schemas`, {
  timeout: 120_000,
}, async () => {
  await using stage = openStage()
  await play(stage.app, [
    { id: 'f1', how: 'fail' },
    { id: 'f2', how: 'fail' },
    { id: 'r1', how: 'retry' },
    { id: 's1', how: 'succeed' },
  ])
  const document = (await stage.get('openapi', '/openapi.json')) as {
    readonly paths: Record<
      string,
      Record<
        string,
        { parameters?: Endpoint['parameters']; requestBody?: { content: { 'application/json': { schema: Schema } } } }
      >
    >
  }
  const endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Endpoint => {
      return { path, method: method.toUpperCase(), parameters, body: requestBody?.content['application/json'].schema }
    }),
  )
  expect(endpoints.length).toBe(Object.keys(ROUTES).length)
  const routes = Object.values(ROUTES) as readonly Route[]
  const statuses = new Map<number, number>()
  const requests = fc.oneof(
    ...endpoints
      .filter(({ path }) => path !== '/events')
      .map((endpoint) => requestFor(endpoint).map((made) => ({ ...made, endpoint }))),
  )
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, method, body, endpoint }) => {
      const response = await stage.ask(path, { method, ...(body !== undefined && { body }) })
      const text = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      expect([response.status < 500, text]).toEqual([true, text])
      expect(text).not.toMatch(SECRETS)
      expect(response.ok ? '' : text).not.toMatch(STACKS)
      const route = routes.find(
        (each) => each.method === method && each.path.replace(/:(\w+)/g, '{$1}') === endpoint.path,
      )
      const { answer } = route ?? {}
      if (response.ok && typeof answer === 'object' && method !== 'HEAD') answer.parse(JSON.parse(text))
    }),
    { numRuns: REQUESTS },
  )
  // Both ways were taken often: what fits was answered, what does not was refused.
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 10)
  expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 10)
})

test('bodies beyond 1 MB are refused while they arrive', async () => {
  await using stage = openStage()
  const response = await stage.ask('/workers/quiet', { body: JSON.stringify({ workers: ['x'.repeat(1_100_000)] }) })
  expect(response.status).toBe(413)
})
