import { kindsUnder } from '../../kinds/index.ts'
import { parseIp, shortestNetwork } from '../../kinds/ip.ts'
import { perEntry, type Rule, writtenTexts } from '../../kinds/rule.ts'
import { slotsPerParent } from '../../model/claims.ts'
import { isPlainObject } from '../../model/json.ts'
import type { ResourceKind } from '../../model/resource.ts'

/** More children than the service is documented to take. */
export const withinLimits = perEntry(function* (entry) {
  for (const kind of kindsUnder(entry.resource.kind)) {
    const most = slotsPerParent(kind.claims)
    if (most === undefined) continue
    const children = entry.children.filter(
      ({ resource }) => resource.kind === kind && resource.ensure === 'present',
    )
    const first = children[most]
    if (first === undefined) continue
    yield {
      severity: 'error',
      code: 'VPN346',
      message: `${entry.resource.kind.title} ${JSON.stringify(entry.resource.name)} has ${children.length} ${kind.yamlKey}, and at most ${most} are allowed`,
      hint: `move the rest to another ${entry.resource.kind.noun}`,
      on: first,
      path: ['name'],
      related: [{ on: entry, path: ['name'], message: `the ${entry.resource.kind.noun}` }],
    }
  }
})

/** What is to be deleted cannot have children that are to exist. */
export const absentHoldsNothing = perEntry(function* (entry) {
  const parent = entry.parent
  if (parent === null || parent.resource.ensure === 'present' || entry.resource.ensure === 'absent') return
  yield {
    severity: 'error',
    code: 'VPN213',
    message: `${entry.resource.kind.title} ${JSON.stringify(entry.resource.name)} is under ${JSON.stringify(parent.resource.name)}, which is to be absent`,
    hint: `remove it: it is deleted with its ${parent.resource.kind.noun}`,
    on: entry,
    path: ['name'],
    related: [{ on: parent, path: ['ensure'], message: 'to be absent' }],
  }
})

/** What is protected is not deleted, so that from its last day on every plan would be refused. */
export const expiresUnprotected = perEntry(function* (entry) {
  const { expires, protect, ensure } = entry.resource
  if (expires === undefined || !protect || ensure === 'absent') return
  yield {
    severity: 'error',
    code: 'VPN216',
    message: `${entry.resource.kind.title} ${JSON.stringify(entry.resource.name)} expires and is protected: after its last day every plan would be refused`,
    hint: 'remove "protect: true" or "expires"',
    on: entry,
    path: ['expires'],
  }
})

/** A network with host bits: it means the network, which may not be what was meant. */
export const networksWithoutHostBits: Rule = function* (entries) {
  for (const entry of entries) {
    for (const field of networkFields(entry.resource.kind)) {
      for (const { text, path } of writtenTexts(entry, field)) {
        const range = parseIp(text)
        if (range === undefined || range.address === range.first) continue
        yield {
          severity: 'warning',
          code: 'VPN351',
          message: `${text} is taken for the network ${shortestNetwork(text) ?? text}`,
          hint: `write ${shortestNetwork(text) ?? text} for the network, or ${text.split('/')[0]}/${range.family === 4 ? 32 : 128} for the address alone`,
          on: entry,
          path,
        }
      }
    }
  }
}

const fieldsByKind = new WeakMap<ResourceKind, readonly string[]>()

function networkFields(kind: ResourceKind): readonly string[] {
  const known = fieldsByKind.get(kind)
  if (known !== undefined) return known
  const properties = isPlainObject(kind.schema.properties) ? kind.schema.properties : {}
  const fields = Object.entries(properties).flatMap(([key, schema]) =>
    isPlainObject(schema) && isPlainObject(schema.items) && schema.items.format === 'network' ? [key] : [],
  )
  fieldsByKind.set(kind, fields)
  return fields
}
