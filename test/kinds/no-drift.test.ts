import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { decodeLive } from '../../src/model/decode.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { DesiredResource, ResourceKind } from '../../src/model/resource.ts'
import { compare } from '../../src/plan/changes/compare.ts'
import { desiredState, ipsec, peer, tunnel, type Wanted, wireguard } from '../support/desired-builder.ts'
import { FORMS, type Form } from './equivalent-forms.ts'

const BASE: Readonly<Record<Form['kind'], (more: PlainObject) => Wanted>> = {
  'wireguard-gateway': (more) => ({ wireguardGateways: [wireguard('x', more)] }),
  'wireguard-peer': (more) => ({ wireguardGateways: [wireguard('hq', { peers: [peer('x', 2, more)] })] }),
  'ipsec-gateway': (more) => ({ ipsecGateways: [ipsec('x', more)] }),
  'ipsec-tunnel': (more) => ({ ipsecGateways: [ipsec('branch', { tunnels: [tunnel('x', withKey(more))] })] }),
}

// The file always has the key; the builder takes it out of what is compared.
function withKey(more: PlainObject): PlainObject {
  return 'auth' in more ? { ...more, auth: { method: 'PSK', psk: { key: null } } } : more
}

function desiredOf({ kind, file }: Pick<Form, 'kind' | 'file'>): DesiredResource {
  const found = desiredState(BASE[kind](file)).resources.find(({ name }) => name === 'x')
  if (found === undefined) throw new Error('no resource')
  return found
}

function wireOf(kind: ResourceKind, live: PlainObject): PlainObject {
  const entry = desiredState(BASE[kind.name as Form['kind']]({})).resources.find(({ name }) => name === 'x')
  return { ...(entry?.spec ?? {}), ...live }
}

function differences(form: Form): readonly string[] {
  const desired = desiredOf(form)
  const wire = wireOf(desired.kind, form.live)
  // A member that the case gives as left out must not come from the base.
  const properties = Object.fromEntries(
    Object.entries(wire).filter(([key]) => key in form.live || !(key in form.file)),
  )
  const live = decodeLive(
    { kind: desired.kind, location: 'de/fra', parentIds: [] },
    { id: 'x', metadata: {}, properties },
  )
  return compare(desired, live, false).fields.map(({ path }) => path.join('.'))
}

describe('a form that is not drift', () => {
  test.for(FORMS.map((form) => [`${form.kind}: ${form.what}`, form] as const))('%s', ([, form]) => {
    expect(differences(form)).toEqual([])
  })

  // Not in the table: pairs that look alike and are not the same.
  test.for([
    [
      'an interface address keeps its host bits',
      'wireguard-gateway',
      { interfaceIPv4CIDR: '10.99.0.1/24' },
      { interfaceIPv4CIDR: '10.99.0.0/24' },
    ],
    [
      'a connection keeps its host bits',
      'ipsec-gateway',
      {},
      {
        connections: [
          { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: '192.168.1.0/24' },
        ],
      },
    ],
    [
      'another prefix is another network',
      'wireguard-peer',
      { allowedIPs: ['10.0.0.0/24'] },
      { allowedIPs: ['10.0.0.0/25'] },
    ],
    [
      'another LAN',
      'wireguard-gateway',
      {},
      {
        connections: [
          { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '20', ipv4CIDR: '192.168.1.100/24' },
        ],
      },
    ],
    [
      'a member more',
      'wireguard-peer',
      { allowedIPs: ['10.0.0.0/24'] },
      { allowedIPs: ['10.0.0.0/24', '10.1.0.0/24'] },
    ],
    [
      'another time',
      'wireguard-gateway',
      { maintenanceWindow: { dayOfTheWeek: 'Monday', time: '9:5:0' } },
      { maintenanceWindow: { dayOfTheWeek: 'Monday', time: '09:50:00' } },
    ],
    ['a description', 'wireguard-peer', {}, { description: 'by hand' }],
    ['another case of a description', 'wireguard-peer', { description: 'a' }, { description: 'A' }],
    [
      'an algorithm that the file names',
      'ipsec-tunnel',
      { ike: { encryptionAlgorithm: 'AES128' } },
      { ike: { encryptionAlgorithm: 'AES256' } },
    ],
    [
      'an endpoint with another port',
      'wireguard-peer',
      { endpoint: { host: 'a.example' } },
      { endpoint: { host: 'a.example', port: 1 } },
    ],
    [
      'IPv4 with a leading zero is not an IPv4 at all',
      'wireguard-gateway',
      { gatewayIP: '203.0.113.10' },
      { gatewayIP: '203.0.113.010' },
    ],
  ] as const)('%s: that is drift', ([, kind, file, live]) => {
    expect(differences({ kind, what: '', file: file as PlainObject, live: live as PlainObject })).not.toEqual(
      [],
    )
  })
})

describe('docs/no-drift.md', () => {
  // UPDATE_DOCS=1 writes it anew.
  test('lists every form of the table', () => {
    const text = document()
    if (process.env.UPDATE_DOCS === '1') writeFileSync('docs/no-drift.md', text)
    expect(readFileSync('docs/no-drift.md', 'utf8')).toBe(text)
  })

  test('has a form of every kind', () => {
    const shown = new Set<string>(FORMS.map(({ kind }) => kind))
    expect(KINDS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([])
  })
})

function document(): string {
  const sections = KINDS.map((kind) => {
    const rows = FORMS.filter((form) => form.kind === kind.name).map(
      ({ what, file, live }) => `| ${what} | ${code(file)} | ${code(live)} |`,
    )
    return [`## ${kind.title}`, '', '| What | In the file | From the API |', '|---|---|---|', ...rows].join(
      '\n',
    )
  })
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`
}

const INTRODUCTION = `<!-- Made by npm run docs from test/kinds/equivalent-forms.ts; do not edit. -->
# What is not drift

A plan compares meanings, not notation. Each row is a pair of values that are equal for \`vpnctl plan\`, and a test checks it. Some forms are
refused in the file ([mistakes.md](mistakes.md)) and can only be live. What a row says for one kind is true for the same field of the others. *Drift* and other terms: [glossary.md](glossary.md).`

function code(value: PlainObject): string {
  if (Object.keys(value).length === 0) return 'left out'
  const text = JSON.stringify(value).replaceAll('|', '\\|')
  return `\`${text}\``
}
