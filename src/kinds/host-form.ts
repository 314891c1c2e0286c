import { domainToASCII } from 'node:url'
import { parseIp, shortestAddress } from './ip.ts'

/** What is wrong with a text that should name one host: the end of a sentence, and what to write instead. */
export interface HostProblem {
  /** `none`: cannot be a host. `ipv6`: is one that the service does not take. `doubtful`: may not resolve. */
  readonly type: 'none' | 'ipv6' | 'doubtful'
  readonly message: string
  readonly hint: string
  /** A port that was written behind the host, and the host without it. */
  readonly port?: { readonly host: string; readonly number: string }
}

const WANTED = 'write a host name such as vpn.example.com, or an IPv4 address'
// RFC 1035, 2.3.4: 255 octets with the lengths of labels and the root, which leaves 253 characters.
const LONGEST_NAME = 253
const LONGEST_LABEL = 63

/** Looks at a host as users write it; undefined when an IPv4 address or a fully qualified name (RFC 1123) is given. */
export function hostProblem(written: string): HostProblem | undefined {
  const text = written.trim()
  if (text === '') return none('is empty', WANTED)
  return addressProblem(text) ?? namesMoreThanAHost(text) ?? nameProblem(text)
}

function addressProblem(text: string): HostProblem | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text
  if (!bare.includes(':') || shortestAddress(bare.replace(/%.*$/, '')) === undefined) return undefined
  return {
    type: 'ipv6',
    message: 'is an IPv6 address, which the service does not take',
    hint: 'use an IPv4 address or a host name',
  }
}

function namesMoreThanAHost(text: string): HostProblem | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return none('is a URL', hostOfUrl(text))
  if (/\s|[,;]/.test(text)) return none('is more than one word', 'name one host only')
  const withPort = /^([^:]+):(\d+)$/.exec(text)
  if (withPort?.[1] !== undefined && withPort[2] !== undefined) {
    const [, host, number] = withPort
    return { ...none('has a port', `write ${host}`), port: { host, number } }
  }
  const [before = ''] = text.split('/')
  if (before === text) return undefined
  return parseIp(text) === undefined
    ? none('has a path', `write ${before}`)
    : none('has a prefix length', `write ${before}: one host, not a network`)
}

function hostOfUrl(text: string): string {
  const { hostname } = URL.canParse(text) ? new URL(text) : { hostname: '' }
  return hostname === '' ? WANTED : `write ${hostname}`
}

function nameProblem(text: string): HostProblem | undefined {
  if (shortestAddress(text) !== undefined) return undefined
  // An international name is looked up in its ASCII form.
  const name = (/[^ -~]/.test(text) ? domainToASCII(text) : text).replace(/(?<=[^.])\.$/, '')
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (name === '') return none('is not a host name', WANTED)
  // No top-level domain has digits only (RFC 3696, 2), so that the two cannot be mixed up.
  if (/^\d+$/.test(last))
    return none('looks like an IPv4 address, but is not a valid one', 'it has four numbers from 0 to 255')
  if (labels.includes('')) return none('has a part between two dots that is empty', WANTED)
  if (name.length > LONGEST_NAME)
    return none(`is longer than the ${LONGEST_NAME} characters of a host name`, WANTED)
  const long = labels.find((label) => label.length > LONGEST_LABEL)
  if (long !== undefined) return none(`has a part of more than ${LONGEST_LABEL} characters`, WANTED)
  const character = /[^A-Za-z0-9._-]/.exec(name)?.[0]
  if (character !== undefined)
    return none(`has ${JSON.stringify(character)} in it`, 'a host name has letters, digits, - and dots')
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-')))
    return none('has a part that starts or ends with -', WANTED)
  if (name.includes('_'))
    return doubtful('has _ in it', 'host names have letters, digits and -; is it spelt with - elsewhere?')
  return labels.length > 1
    ? undefined
    : doubtful(
        'has no domain',
        `write the full name, such as ${last}.example.com: it is looked up on the internet`,
      )
}

function none(message: string, hint: string): HostProblem {
  return { type: 'none', message, hint }
}

function doubtful(message: string, hint: string): HostProblem {
  return { type: 'doubtful', message, hint }
}
