/**
 * Rewrites JSON text before it is stored and after it is read: compression, encryption. `name` travels with each job, so
 * that a worker knows what it reads. Both directions are synchronous and must be each other's inverse.
 */
export interface Codec {
  /** 1 … 64 characters. */
  readonly name: string
  encode(json: string): string
  decode(text: string): string
}
