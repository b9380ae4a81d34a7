import type { Me, Permission } from '../contract/index.js'

/** Who makes a request. */
export interface Identity {
  readonly me: Me
  allows(permission: Permission): boolean
  /** Whether the sign-in still lasts, for streams. */
  lasts(): Promise<boolean>
}
