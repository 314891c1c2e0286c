type Environment = Readonly<Record<string, string | undefined>>

/** The proxy for https, and who named it. */
export interface ProxyChoice {
  readonly url: URL
  readonly source: string
  /** How messages name it: host, port and variable; never its user or password. */
  readonly name: string
  /** False for hosts that NO_PROXY excepts. */
  readonly appliesTo: (url: URL) => boolean
}

/**
 * The proxy that the environment asks for: `HTTPS_PROXY`, else `ALL_PROXY`, also in lowercase, except for hosts
 * of `NO_PROXY` (`*`, `example.com`, `.example.com`, `*.example.com`, each with `:port` if need be). Requests by
 * plain http go to loopback alone and never to a proxy. `invalid`: the variable that is not a URL.
 */
export function proxyFromEnv(env: Environment): ProxyChoice | { readonly invalid: string } | undefined {
  const names = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']
  const source = names.find((name) => (env[name] ?? '').trim() !== '')
  if (source === undefined) return undefined
  const given = (env[source] ?? '').trim()
  const text = given.includes('://') ? given : `http://${given}`
  if (!URL.canParse(text)) return { invalid: source }
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) return { invalid: source }
  // An empty variable is like an unset one.
  const named = [env.NO_PROXY, env.no_proxy].find((value) => (value ?? '').trim() !== '') ?? ''
  const exceptions = named.split(/[\s,]+/).filter((entry) => entry !== '')
  return {
    url,
    source,
    name: `${url.host} (${source})`,
    appliesTo: (target) =>
      target.protocol === 'https:' && !exceptions.some((entry) => matches(entry, target)),
  }
}

function matches(entry: string, { hostname, port }: URL): boolean {
  if (entry === '*') return true
  const [, name = entry, onPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
  if (onPort !== undefined && onPort !== (port || '443')) return false
  const suffix = name.replace(/^\*?\./, '')
  return hostname === suffix || hostname.endsWith(`.${suffix}`)
}
