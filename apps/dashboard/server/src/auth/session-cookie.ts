/** `__Host-`: browsers take it over https only, for this host alone, and no subdomain can set it. */
const SECURE_NAME = '__Host-millrace'
const PLAIN_NAME = 'millrace-session'
const ID = /^[A-Za-z0-9_-]{43}$/

/** The session's id in a request; undefined where there is none of the right form. */
export function readCookie(request: Request): string | undefined {
  const header = request.headers.get('cookie')
  if (header === null) return undefined
  const pairs = new Map(
    header.split(';').map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? ['', ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    }) as [string, string][],
  )
  const id = pairs.get(SECURE_NAME) ?? pairs.get(PLAIN_NAME)
  return id !== undefined && ID.test(id) ? id : undefined
}

/** `Set-Cookie` for a session; an empty id removes it. It ends with the browser; the server ends it earlier. */
export function sessionCookie(id: string, secure: boolean): string {
  const name = secure ? SECURE_NAME : PLAIN_NAME
  return `${name}=${id}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${id === '' ? '; Max-Age=0' : ''}`
}
