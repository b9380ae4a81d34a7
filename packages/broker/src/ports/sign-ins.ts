import type { CallOptions } from './call.js'

/**
 * Who is signed in to the app's dashboards: small texts under keys that their caller makes (and keeps secret from the store by hashing),
 * forgotten after their time. Seen by every broker of the app.
 */
export interface SignInsPort {
  /** Written anew, or in place of what is there. */
  begin(key: string, entry: SignInEntry, options?: CallOptions): Promise<void>
  /** Undefined: never begun, ended, or its time is over. */
  read(key: string, options?: CallOptions): Promise<string | undefined>
  /** As `begin`, but only where it has not ended: false otherwise. */
  renew(key: string, entry: SignInEntry, options?: CallOptions): Promise<boolean>
  /** Safe to repeat. */
  end(key: string, options?: CallOptions): Promise<void>
}

export interface SignInEntry {
  /** At most 4 KiB. */
  readonly text: string
  /** How long it is kept from now, ms. */
  readonly keepMs: number
}
