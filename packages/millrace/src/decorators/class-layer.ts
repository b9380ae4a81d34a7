import { InvalidOptionError, type TaskOptions, type TaskPolicyOptions } from '@millrace/core'

/** A method's decorator, as it was written. */
export interface DeclaredMethod {
  /** The wire name. */
  readonly name: string
  readonly options: TaskOptions
}

/** What the decorators of one class say, without those of its ancestors. */
export interface ClassLayer {
  /** By the method's name. */
  readonly methods: Map<string, DeclaredMethod>
  /** What `@tasks` was given; `undefined`: the class has none. */
  defaults: TaskPolicyOptions | undefined
  className: string | undefined
}

/** Shared by every copy of this package, so that a class of one can be registered with an app of another. */
const LAYER = Symbol.for('millrace class layer')
type Metadata = Record<PropertyKey, unknown>

/** The layer of the class that is being decorated, made on first use. A subclass has metadata of its own over its parent's. */
export function ownLayer(metadata: object | undefined, decorator: string): ClassLayer {
  if (metadata === undefined) {
    throw new InvalidOptionError({
      option: decorator,
      found: 'a class without metadata',
      expected:
        'a loader that gives decorators their metadata: tsc, esbuild or tsx, of a version that docs/DECORATORS.md names',
    })
  }
  const holder = metadata as Metadata
  if (!Object.hasOwn(holder, LAYER)) {
    holder[LAYER] = { methods: new Map(), defaults: undefined, className: undefined } satisfies ClassLayer
  }
  return holder[LAYER] as ClassLayer
}

/** The layers of a class and its ancestors, the oldest first. */
export function layersOf(decorated: object): ClassLayer[] {
  const layers: ClassLayer[] = []
  let metadata = (decorated as Metadata)[Symbol.metadata] as object | null | undefined
  while (metadata !== null && metadata !== undefined) {
    if (Object.hasOwn(metadata, LAYER)) layers.unshift((metadata as Metadata)[LAYER] as ClassLayer)
    metadata = Object.getPrototypeOf(metadata) as object | null
  }
  return layers
}
