import { ipsecTunnel } from '../kinds/ipsec/tunnel.ts'
import { texts } from '../kinds/texts.ts'
import { getPath, type PlainObject } from '../model/json.ts'
import type { OtherEnd, OtherEndFormat, OtherEndInput } from './other-end.ts'
import { lacksAlgorithms } from './swanctl.ts'

/** One parameter of the other end, by a stable key, with what to type where in words. */
interface Parameter {
  readonly key: string
  readonly title: string
  readonly value: string | number | readonly string[]
  readonly hint?: string
}

/** A tunnel's parameters for the people who run a device of another vendor, in Markdown. */
export const sheet: OtherEndFormat = sheetFormat('sheet', markdownSheet)
/** The same as JSON: `key`, `title`, `value` and perhaps `hint` for each parameter. */
export const jsonSheet: OtherEndFormat = sheetFormat('sheet-json', jsonText)

function sheetFormat(
  name: string,
  write: (input: OtherEndInput, parameters: readonly Parameter[]) => string,
): OtherEndFormat {
  return {
    name,
    kind: ipsecTunnel,
    secret: 'none',
    options: [],
    lacks: lacksAlgorithms,
    render: (input): OtherEnd => {
      const parameters = parametersOf(input)
      const problems = parameters.flatMap(({ title, value }) =>
        value === '' || (Array.isArray(value) && value.length === 0) ? [`${title} is not known`] : [],
      )
      if (problems.length > 0) return { type: 'refused', problems }
      return { type: 'text', parts: [write(input, parameters)], notes: [] }
    },
  }
}

function parametersOf({ gateway, child }: OtherEndInput): readonly Parameter[] {
  const { spec } = child
  const [host, gatewayIP] = [textOf(spec, ['remoteHost']), textOf(gateway.spec, ['gatewayIP'])]
  return [
    {
      key: 'peerAddress',
      title: 'Address of the cloud gateway',
      value: gatewayIP,
      hint: 'peer, remote gateway',
    },
    { key: 'ikeVersion', title: 'IKE version', value: 'IKEv2', hint: 'no IKEv1, no aggressive mode' },
    {
      key: 'localIdentity',
      title: 'Own identity',
      value: host,
      hint: 'local ID, of the type that the text has',
    },
    {
      key: 'remoteIdentity',
      title: 'Identity of the cloud gateway',
      value: gatewayIP,
      hint: 'remote ID, an IPv4 address',
    },
    {
      key: 'authentication',
      title: 'Authentication',
      value: 'pre-shared key',
      hint: 'handed over separately',
    },
    ...phaseOf(spec, 'ike', 'Phase 1 (IKE)'),
    ...phaseOf(spec, 'esp', 'Phase 2 (ESP)'),
    { key: 'mode', title: 'Mode', value: 'tunnel', hint: 'policy-based; NAT traversal on' },
    {
      key: 'localNetworks',
      title: 'Own networks',
      value: texts(spec.peerNetworkCIDRs),
      hint: 'local traffic selectors, all in one tunnel',
    },
    {
      key: 'remoteNetworks',
      title: 'Networks of the cloud',
      value: texts(spec.cloudNetworkCIDRs),
      hint: 'remote traffic selectors, all in one tunnel',
    },
  ]
}

function phaseOf(spec: PlainObject, phase: 'ike' | 'esp', title: string): readonly Parameter[] {
  const isIke = phase === 'ike'
  const cipher = textOf(spec, [phase, 'encryptionAlgorithm'])
  const integrity = textOf(spec, [phase, 'integrityAlgorithm'])
  // A cipher that authenticates by itself takes no integrity algorithm; IKE still needs a pseudo-random function.
  const hasIntegrity = !/GCM|CCM/.test(cipher)
  const lifetime = getPath(spec, [phase, 'lifetime'])
  return [
    { key: `${phase}.encryption`, title: `${title}: encryption`, value: cipher },
    ...(hasIntegrity ? [{ key: `${phase}.integrity`, title: `${title}: integrity`, value: integrity }] : []),
    ...(isIke ? [{ key: 'ike.prf', title: `${title}: PRF`, value: integrity }] : []),
    {
      key: `${phase}.group`,
      title: `${title}: Diffie-Hellman group`,
      value: textOf(spec, [phase, 'diffieHellmanGroup']),
      hint: isIke
        ? 'the number is the one of the IANA registry'
        : 'perfect forward secrecy on, with this group',
    },
    {
      key: `${phase}.lifetimeSeconds`,
      title: `${title}: lifetime in seconds`,
      value: typeof lifetime === 'number' ? lifetime : '',
      hint: 'the two ends need not agree',
    },
  ]
}

function textOf(spec: PlainObject, path: readonly string[]): string {
  const value = getPath(spec, path)
  return typeof value === 'string' ? value : ''
}

function jsonText({ gateway, child }: OtherEndInput, parameters: readonly Parameter[]): string {
  const sheet = { format: 'vpnctl/sheet', version: 1, gateway: gateway.name, tunnel: child.name, parameters }
  return `${JSON.stringify(sheet, null, 2)}\n`
}

function markdownSheet({ gateway, child }: OtherEndInput, parameters: readonly Parameter[]): string {
  const rows = parameters.map(
    ({ title, value, hint = '' }) =>
      `| ${title} | ${(Array.isArray(value) ? value : [value]).map((each) => cell(String(each))).join('<br>')} | ${hint} |`,
  )
  return [
    `# Tunnel ${cell(child.name)} to gateway ${cell(gateway.name)}`,
    '',
    'Parameters for the device at your end. Both ends have to agree on all of them, except for the lifetimes.',
    '',
    '| Parameter | Value | Where |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

// One line, and nothing that Markdown or HTML would read.
function cell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\\`*_[\]<>|#&]/g, (char) => `&#${char.codePointAt(0)};`)
}
