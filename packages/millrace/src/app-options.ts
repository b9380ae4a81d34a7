import type { Codec } from '@millrace/client'
import {
  checkName,
  checkOptions,
  checkPolicyDefaults,
  InvalidOptionError,
  type Logger,
  type TaskPolicyOptions,
} from '@millrace/core'
import { type BrokerOption, checkBrokerOption } from './broker/open-broker.js'
import { defaultLogger } from './default-logger.js'

/** What the user writes. */
export interface AppOptions {
  /** Apps of different names share nothing. Default 'millrace'. */
  readonly name?: string
  /**
   * A URL (`redis://`, `rediss://`, `redis+sentinel://`, `redis+cluster://`, `memory://`), ioredis options, or a broker.
   * Default: `MILLRACE_BROKER`, else (outside production) the one of a running `millrace dev`, else `redis://127.0.0.1:6379`.
   */
  readonly broker?: BrokerOption
  /** Starts every key in the store. Default 'millrace'. */
  readonly prefix?: string
  /** Default: pino, to stdout. */
  readonly logger?: Logger
  /** Policy of tasks that do not say otherwise. */
  readonly defaults?: TaskPolicyOptions
  /** Largest input, UTF-8 bytes of JSON: 1 … 1,048,576. Default 1 MiB, which cannot be raised: send addresses of large data. */
  readonly maxInputBytes?: number
  /** Rewrites inputs and outputs before they are stored: compression, encryption. */
  readonly codec?: Codec
}

/** What the code reads. */
export interface ResolvedAppOptions {
  readonly name: string
  readonly broker: BrokerOption | undefined
  readonly prefix: string
  readonly logger: Logger
  readonly defaults: TaskPolicyOptions | undefined
  readonly maxInputBytes: number
  readonly codec: Codec | undefined
}

export const MAX_INPUT_BYTES = 1024 * 1024

const KNOWN = [
  'name',
  'broker',
  'prefix',
  'logger',
  'defaults',
  'maxInputBytes',
  'codec',
] as const satisfies readonly (keyof AppOptions)[]

/** Throws `InvalidOptionError`, `InvalidNameError`. */
export function resolveAppOptions(given: AppOptions = {}): ResolvedAppOptions {
  checkOptions(given, 'createApp', KNOWN)
  const name = checkName('app', given.name ?? 'millrace')
  return {
    name,
    broker: checkBrokerOption(given.broker),
    prefix: checkPrefix(given.prefix ?? 'millrace'),
    logger: checkLogger(given.logger) ?? defaultLogger(name),
    defaults: given.defaults === undefined ? undefined : checkPolicyDefaults(given.defaults),
    maxInputBytes: checkInputBytes(given.maxInputBytes),
    codec: checkCodec(given.codec),
  }
}

function checkPrefix(prefix: unknown): string {
  if (typeof prefix === 'string' && /^[\w.:-]{1,64}$/.test(prefix)) return prefix
  throw new InvalidOptionError({
    option: 'prefix',
    found: prefix,
    expected: '1 to 64 letters, digits, dots, underscores, colons or hyphens',
  })
}

function checkLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined || (typeof logger?.info === 'function' && typeof logger.child === 'function')) return logger
  throw new InvalidOptionError({ option: 'logger', found: logger, expected: 'a pino logger, or one with its methods' })
}

function checkInputBytes(bytes: number | undefined): number {
  if (bytes === undefined) return MAX_INPUT_BYTES
  if (Number.isInteger(bytes) && bytes >= 1 && bytes <= MAX_INPUT_BYTES) return bytes
  throw new InvalidOptionError({
    option: 'maxInputBytes',
    found: bytes,
    expected: `a whole number from 1 to ${MAX_INPUT_BYTES.toLocaleString('en-US')}`,
  })
}

function checkCodec(codec: Codec | undefined): Codec | undefined {
  if (codec === undefined) return undefined
  const { name, encode, decode } = codec ?? {}
  const named = typeof name === 'string' && name.length > 0 && name.length <= 64
  if (named && typeof encode === 'function' && typeof decode === 'function') return codec
  throw new InvalidOptionError({
    option: 'codec',
    found: codec,
    expected: 'an object { name, encode(json), decode(text) }',
  })
}
