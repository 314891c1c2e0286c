import { closest, didYouMean } from '../../../model/closest.ts'
import type { DesiredResource, DesiredState } from '../../../model/resource.ts'
import {
  OTHER_ENDS,
  type OtherEndFormat,
  type OtherEndOptions,
  otherEndsOf,
} from '../../../peer-config/index.ts'
import { Failure } from '../../failure.ts'
import type { OtherEndFlags } from './options.ts'

/** What a configuration is written for. */
export interface OtherEndChoice {
  readonly gateway: DesiredResource
  readonly child: DesiredResource
  readonly format: OtherEndFormat
}

/** The one child that the words mean, and the program at its other end; anything else ends the run. */
export function chooseOtherEnd(
  desired: DesiredState,
  gatewayWord: string,
  childWord: string,
  flags: OtherEndFlags,
): OtherEndChoice {
  const gateways = desired.resources.filter(({ kind }) =>
    OTHER_ENDS.some((format) => format.kind.parent === kind),
  )
  const named = gateways.filter((gateway) => isMeant(gateway, gatewayWord))
  if (named.length === 0) throw unknown('gateway', gatewayWord, gateways)
  const children = desired.resources.filter(({ parent }) => parent !== null && named.includes(parent))
  const candidates = children.filter((child) => isMeant(child, childWord))
  const [child, ...others] = candidates
  if (child === undefined || child.parent === null) throw unknown('peer or tunnel', childWord, children)
  if (others.length > 0) {
    const addresses = candidates.map(({ location, address }) => `${location}:${address}`).join(', ')
    throw new Failure('usage', `"${gatewayWord}" "${childWord}" could be any of ${addresses}`, {
      hint: "write the gateway's address in place of its name",
    })
  }
  return { gateway: child.parent, child, format: chooseFormat(child, flags) }
}

/** The options of the other end, once every flag means something to it. */
export function otherEndOptions(format: OtherEndFormat, flags: OtherEndFlags): OtherEndOptions {
  const given = {
    addresses: flags.address,
    allowedIPs: flags.allowedIps,
    dns: flags.dns,
    keepaliveSeconds: flags.keepalive,
    mtu: flags.mtu,
    start: flags.start,
  }
  const names = Object.entries(given).filter(([, value]) => value !== undefined)
  const odd = names
    .map(([name]) => name as keyof OtherEndOptions)
    .filter((name) => !format.options.includes(name))
    .map((name) => FLAG_OF[name])
  const secretFlags = {
    given:
      flags.showSecrets === true
        ? ['--show-secrets (a peer keeps its key to itself: --private-key-file)']
        : [],
    shared: flags.privateKeyFile === undefined ? [] : ['--private-key-file'],
  }
  const all = [
    ...odd,
    ...secretFlags[format.secret],
    ...(flags.qr === true && format.secret === 'shared' ? ['--qr'] : []),
  ]
  if (all.length > 0) throw new Failure('usage', `${format.name} has no use for ${all.join(', ')}`)
  return Object.fromEntries(names)
}

const FLAG_OF: Readonly<Record<keyof OtherEndOptions, string>> = {
  addresses: '--address',
  allowedIPs: '--allowed-ips',
  dns: '--dns',
  keepaliveSeconds: '--keepalive',
  mtu: '--mtu',
  start: '--start',
}

function chooseFormat(child: DesiredResource, flags: OtherEndFlags): OtherEndFormat {
  const formats = otherEndsOf(child.kind)
  const format = flags.as === undefined ? formats[0] : formats.find(({ name }) => name === flags.as)
  if (format !== undefined) return format
  const possible = formats.map(({ name }) => name).join(', ')
  throw new Failure('usage', `--as for ${child.kind.title} "${child.name}" can be: ${possible}`)
}

function isMeant({ name, address, location }: DesiredResource, word: string): boolean {
  return name === word || address === word || `${location}:${address}` === word
}

const NAMES_SHOWN = 10

function unknown(what: string, word: string, known: readonly DesiredResource[]): Failure {
  const names = known.map(({ name }) => name)
  const rest = names.length - NAMES_SHOWN
  const shown = [...names.slice(0, NAMES_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
  return new Failure(
    'usage',
    `there is no ${what} "${word}" in the files${didYouMean(closest(word, names))}`,
    names.length === 0 ? {} : { hint: `there is ${shown}` },
  )
}
