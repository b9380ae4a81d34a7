import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** 128 MiB and about half a second a hash; Node needs `maxmem` above N · r · 128 bytes. */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
const KEY_BYTES = 32
const SALT_BYTES = 16
const FORM = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

/** A password as it may be stored: `scrypt$131072$8$1$‹salt›$‹key›`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Whether a text is a stored password that `verifyPassword` can check: one that costs no more than ours. */
export function isPasswordHash(stored: string): boolean {
  return read(stored) !== undefined
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parts = read(stored)
  if (parts === undefined) return false
  const key = await derive(password, parts.salt, parts.cost)
  return key.length === parts.key.length && timingSafeEqual(key, parts.key)
}

/** Of nobody: checked for names that nobody has, so that they take as long. */
export const NOBODYS_HASH = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(SALT_BYTES).toString('base64url')}$${Buffer.alloc(KEY_BYTES).toString('base64url')}`

function read(stored: string) {
  const [, n, r, p, salt, key] = FORM.exec(stored) ?? []
  if (salt === undefined || key === undefined) return undefined
  const cost = { ...COST, N: Number(n), r: Number(r), p: Number(p) }
  const bytes = Buffer.from(key, 'base64url')
  const fits = cost.N >= 2 ** 14 && cost.N <= 2 ** 17 && (cost.N & (cost.N - 1)) === 0 && cost.r === 8 && cost.p === 1
  return fits && bytes.length === KEY_BYTES ? { cost, salt: Buffer.from(salt, 'base64url'), key: bytes } : undefined
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
