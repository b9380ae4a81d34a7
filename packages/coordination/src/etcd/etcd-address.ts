import { InvalidOptionError } from '@millrace/core'

/** Where an etcd cluster is reached. */
export interface EtcdAddress {
  /** `http://host:port`, one per member. */
  readonly endpoints: readonly string[]
  readonly user?: { readonly name: string; readonly password: string }
}

const FORM = "'etcd://host1:2379,host2:2379,host3:2379' ('etcds://' for TLS), with 'user:password@' where it has users"
const HOST = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/
const DEFAULT_PORT = 2379

/** Reads an `etcd://` or `etcds://` URL of one or more members. Throws `InvalidOptionError`, without the password. */
export function parseEtcdUrl(url: string, option = 'url'): EtcdAddress {
  const [, scheme, userInfo, hosts = ''] = /^(etcds?):\/\/(?:([^@/]*)@)?([^/@]+)\/?$/.exec(String(url)) ?? []
  if (scheme === undefined) throw new InvalidOptionError({ option, found: 'another form', expected: FORM })
  const endpoints = hosts.split(',').map((text) => {
    const [, host, port = DEFAULT_PORT] = HOST.exec(text.trim()) ?? []
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new InvalidOptionError({ option, found: text, expected: FORM })
    }
    return `${scheme === 'etcds' ? 'https' : 'http'}://${host}:${port}`
  })
  if (userInfo === undefined) return { endpoints }
  const colon = userInfo.indexOf(':')
  if (colon < 1) throw new InvalidOptionError({ option, found: 'a user without a password', expected: FORM })
  const [name, password] = [userInfo.slice(0, colon), userInfo.slice(colon + 1)].map(decodeURIComponent)
  return { endpoints, user: { name: name ?? '', password: password ?? '' } }
}
