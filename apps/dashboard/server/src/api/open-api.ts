import { z } from 'zod'
import { apiErrorSchema, ROUTES, type Route } from '../contract/index.js'
import { dashboardVersion } from '../version.js'

/** The API as an OpenAPI 3.1 document. `server`: the path under which it answers. */
export function openApiDocument(server: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace dashboard', version: dashboardVersion() },
    servers: [{ url: server }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-millrace' },
        token: { type: 'http', scheme: 'bearer' },
      },
      schemas: { ApiError: schemaOf(apiErrorSchema, 'output') },
    },
  }
}

function describe(name: string, route: Route): Record<string, unknown> {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  const refusal = { description: 'Refused', content: json({ $ref: '#/components/schemas/ApiError' }) }
  return {
    operationId: name,
    summary: route.summary,
    'x-permission': route.permission,
    ...(route.permission === 'open' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== undefined && { requestBody: { required: true, content: json(schemaOf(route.body, 'input')) } }),
    responses: {
      [route.status ?? 200]: { description: 'Done', content: answerOf(route.answer) },
      '4XX': refusal,
      '5XX': refusal,
    },
  }
}

function answerOf(answer: Route['answer']): Record<string, unknown> {
  if (answer === 'events') return { 'text/event-stream': { schema: { type: 'string' } } }
  return json(answer === 'openapi' ? { type: 'object' } : schemaOf(answer, 'output'))
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): Record<string, unknown>[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    readonly properties?: Record<string, unknown>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: each,
  }))
}

function json(schema: unknown): Record<string, unknown> {
  return { 'application/json': { schema } }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
