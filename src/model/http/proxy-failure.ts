/** The failure code of a proxy begins with this; Node's own code or the status that the proxy answered follows. */
export const PROXY_CODE = 'PROXY_'

/**
 * What a proxy did instead of connecting, in words that name it; undefined for a code that is not a proxy's.
 * `proxy`: host, port and the variable that they come from.
 */
export function proxyFailureText(code: string, proxy: string, timeoutMs: number): string | undefined {
  if (!code.startsWith(PROXY_CODE)) return undefined
  const cause = code.slice(PROXY_CODE.length)
  switch (cause) {
    case 'ECONNREFUSED':
      return `connection refused by the proxy ${proxy}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name of the proxy ${proxy} is not known here (${cause})`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to the proxy ${proxy} (${cause})`
    case 'ETIMEDOUT':
      return `the proxy ${proxy} did not connect within ${timeoutMs / 1000} s`
    case 'ECONNRESET':
    case 'EPIPE':
      return `the proxy ${proxy} closed the connection`
    case '407':
      return `the proxy ${proxy} requires authentication (status 407): set user and password in its URL`
    default:
      return /^\d{3}$/.test(cause)
        ? `the proxy ${proxy} refused to connect (status ${cause})`
        : `the proxy ${proxy} failed (${cause})`
  }
}
