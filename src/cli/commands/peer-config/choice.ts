import { located } from '../../../model/address.ts'
import type { DesiredResource, DesiredState } from '../../../model/resource.ts'
import {
  OTHER_ENDS,
  type OtherEndFormat,
  type OtherEndOptions,
  otherEndsOf,
} from '../../../peer-config/index.ts'
import { Failure } from '../../failure.ts'
import { named, unknownWord, wordsFor } from '../../files/find-resource.ts'
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
  [childWord, gatewayWord]: readonly [string, string?],
  flags: OtherEndFlags,
): OtherEndChoice {
  const gateways = gatewayWord === undefined ? undefined : gatewaysNamed(desired, gatewayWord)
  const children = desired.resources.filter(
    ({ parent }) => parent !== null && gateways?.includes(parent) !== false,
  )
  const candidates = named(children, childWord)
  const [child, ...others] = candidates
  if (child === undefined || child.parent === null) throw unknown('peer or tunnel', childWord, children)
  if (others.length > 0) {
    const addresses = candidates.map(located).join(', ')
    throw new Failure('usage', `"${childWord}" could be any of ${addresses}`, {
      hint: 'write one of these addresses in place of the name',
    })
  }
  return { gateway: child.parent, child, format: chooseFormat(child, flags) }
}

/** Every end of the gateways that the word means, or of all, each for the program that is usual for it. */
export function everyOtherEnd(
  desired: DesiredState,
  gatewayWord: string | undefined,
  flags: OtherEndFlags,
): readonly OtherEndChoice[] {
  const gateways = gatewayWord === undefined ? undefined : gatewaysNamed(desired, gatewayWord)
  return desired.resources.flatMap((child) => {
    const { parent } = child
    if (
      parent === null ||
      child.canary !== undefined ||
      child.ensure === 'absent' ||
      gateways?.includes(parent) === false
    )
      return []
    const format = formatOf(child, flags)
    return format === undefined ? [] : [{ gateway: parent, child, format }]
  })
}

function gatewaysNamed(desired: DesiredState, word: string): readonly DesiredResource[] {
  const gateways = desired.resources.filter(({ kind }) =>
    OTHER_ENDS.some((format) => format.kind.parent === kind),
  )
  const found = named(gateways, word)
  if (found.length === 0) throw unknown('gateway', word, gateways)
  return found
}

/** The options of the other end, once every flag means something to it. */
export function otherEndOptions(format: OtherEndFormat, flags: OtherEndFlags): OtherEndOptions {
  const given = givenOptions(flags)
  const invalid = given
    .map(([name]) => name)
    .filter((name) => !format.options.includes(name))
    .map((name) => FLAG_OF[name])
  const all = [
    ...invalid,
    ...secretFlags(format, flags),
    ...(flags.qr === true && format.secret !== 'given' ? ['--qr'] : []),
  ]
  if (all.length > 0) throw new Failure('usage', `${format.name} has no use for ${all.join(', ')}`)
  return Object.fromEntries(given)
}

/** The options that mean something to it; others are for ends of the other kind. */
export function usualOptions(format: OtherEndFormat, flags: OtherEndFlags): OtherEndOptions {
  return Object.fromEntries(givenOptions(flags).filter(([name]) => format.options.includes(name)))
}

function givenOptions(flags: OtherEndFlags): readonly (readonly [keyof OtherEndOptions, unknown])[] {
  const all = {
    addresses: flags.address,
    allowedIPs: flags.allowedIps,
    dns: flags.dns,
    keepaliveSeconds: flags.keepalive,
    mtu: flags.mtu,
    start: flags.start,
    viaHub: flags.viaHub,
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name as keyof OtherEndOptions, value] as const],
  )
}

function secretFlags({ secret }: OtherEndFormat, flags: OtherEndFlags): readonly string[] {
  const keyFile = flags.privateKeyFile === undefined ? [] : ['--private-key-file']
  const show = flags.showSecrets === true ? ['--show-secrets'] : []
  switch (secret) {
    case 'given':
      return show.map((flag) => `${flag} (a peer keeps its key to itself: --private-key-file)`)
    case 'shared':
      return keyFile
    case 'none':
      return [...keyFile, ...show]
    default:
      return secret satisfies never
  }
}

const FLAG_OF: Readonly<Record<keyof OtherEndOptions, string>> = {
  addresses: '--address',
  allowedIPs: '--allowed-ips',
  dns: '--dns',
  keepaliveSeconds: '--keepalive',
  mtu: '--mtu',
  start: '--start',
  viaHub: '--via-hub',
}

function formatOf({ kind }: DesiredResource, flags: OtherEndFlags): OtherEndFormat | undefined {
  return otherEndsOf(kind).find(({ name }) => flags.as === undefined || name === flags.as)
}

function chooseFormat(child: DesiredResource, flags: OtherEndFlags): OtherEndFormat {
  const format = formatOf(child, flags)
  if (format !== undefined) return format
  const formats = otherEndsOf(child.kind)
  const who = `${child.kind.title} "${child.name}"`
  if (formats.length === 0) throw new Failure('usage', `${who} has no other end that needs a configuration`)
  throw new Failure('usage', `--as for ${who} can be: ${formats.map(({ name }) => name).join(', ')}`)
}

function unknown(what: string, word: string, known: readonly DesiredResource[]): Failure {
  return unknownWord(
    `the files have no ${what} "${word}"`,
    word,
    wordsFor(known, ({ name }) => name),
  )
}
