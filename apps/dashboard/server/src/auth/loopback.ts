/** Whether an address that a server listens on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Why a request must be refused where nobody signs in, or undefined. Another site can make a browser send requests to this machine
 * under a name of its own; and what a proxy passes on does not come from this machine.
 */
export function notFromHere(request: Request): string | undefined {
  const host = request.headers.get('host') ?? new URL(request.url).host
  if (!isLoopback(host.replace(/:\d+$/, '')))
    return `The dashboard has no login and answers to localhost only, not to ${host.slice(0, 100)}.`
  const proxied = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'].some((name) =>
    request.headers.has(name),
  )
  return proxied ? 'The dashboard has no login and answers no proxy: give it users first.' : undefined
}
