import type { z } from 'zod'
import type { Identity } from '../auth/identity.js'
import type { Permission, ROUTES, RouteName } from '../contract/index.js'
import type { ApiContext } from './api-context.js'

type Field<Name extends RouteName, Key extends 'params' | 'query' | 'body', Otherwise> = (typeof ROUTES)[Name] extends {
  readonly [K in Key]: infer Schema extends z.ZodType
}
  ? z.output<Schema>
  : Otherwise

/** One request, checked against its route's schemas. */
export interface ApiCall<Name extends RouteName> {
  readonly context: ApiContext
  readonly request: Request
  readonly address: string
  readonly params: Field<Name, 'params', Record<never, never>>
  readonly query: Field<Name, 'query', Record<never, never>>
  readonly body: Field<Name, 'body', undefined>
  /** Who makes it; null where the route is open and nobody is signed in. */
  readonly identity: Identity | null
  /** For the audit log: on what, and how. */
  about(on: string, detail?: string): void
  /** Throws `Refusal` where the identity may not. For routes whose body names the action. */
  need(permission: Permission): void
  /** Sets a header of the answer, a refusal's too. */
  header(name: string, value: string): void
}

type Answer<Name extends RouteName> = (typeof ROUTES)[Name]['answer'] extends infer Schema extends z.ZodType
  ? z.input<Schema>
  : Response

export type ApiHandlers = {
  readonly [Name in RouteName]: (call: ApiCall<Name>) => Promise<Answer<Name>> | Answer<Name>
}

export type HandlersOf<Names extends RouteName> = Pick<ApiHandlers, Names>
