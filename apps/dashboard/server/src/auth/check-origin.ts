/** The site that the pages come from: its scheme, host and port. */
export interface OwnOrigin {
  /** Given by option; undefined: that of the request's own address. */
  readonly publicUrl: string | undefined
}

/**
 * Why a request must be refused as one that another site made, or undefined. Browsers say where a request comes from
 * (`Sec-Fetch-Site`, else `Origin`); a request that changes something has to say it, unless a bearer token goes with it, which no
 * other site has.
 */
export function crossSite(request: Request, { publicUrl }: OwnOrigin): string | undefined {
  const site = request.headers.get('sec-fetch-site')
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (site !== null) {
    if (site === 'same-origin' || (reads && site === 'none')) return undefined
    return 'The request comes from another site: open the dashboard itself.'
  }
  const origin = request.headers.get('origin')
  if (origin !== null) {
    const own = publicUrl ?? request.url
    if (originOf(origin) === originOf(own)) return undefined
    return `The request comes from another origin: ${publicUrl === undefined ? 'set publicUrl where a proxy changes the address' : 'use the address of publicUrl'}.`
  }
  if (reads || request.headers.has('authorization')) return undefined
  return 'The request does not say where it comes from: use an API token (Authorization: Bearer …), or send Sec-Fetch-Site: same-origin.'
}

function originOf(text: string): string | undefined {
  try {
    const { origin } = new URL(text)
    return origin === 'null' ? undefined : origin
  } catch {
    return undefined
  }
}
