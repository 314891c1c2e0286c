import { isLoopback } from '../model/http/loopback.ts'

/**
 * What is wrong with the address of a webhook, as the rest of a sentence; undefined when nothing is. It never contains
 * the address: most have a token in their path.
 */
export function webhookProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL'
  const { protocol, hostname } = new URL(text)
  switch (protocol) {
    case 'https:':
      return undefined
    case 'http:':
      return isLoopback(hostname) ? undefined : 'would send the report unencrypted: use https'
    default:
      return 'has to be an https URL'
  }
}
