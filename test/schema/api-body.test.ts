import { describe, expect, it } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { getPath, type PlainObject, withPath } from '../../src/model/json.ts'
import type { JsonSchema, ResourceKind } from '../../src/model/resource.ts'
import { checkBody } from '../../src/schema/api-body.ts'

const kindOf = (name: string): ResourceKind => {
  const kind = KINDS.find((candidate) => candidate.name === name)
  if (kind === undefined) throw new Error(name)
  return kind
}

// A body made of the examples of the schema, with text in place of references to secrets.
function exampleBody(kind: ResourceKind): PlainObject {
  const properties = kind.schema.properties as Record<string, JsonSchema>
  const body = Object.fromEntries(
    Object.entries(properties).map(([key, inner]) => [key, (inner.examples as unknown[])[0]]),
  ) as PlainObject
  return kind.secrets.reduce<PlainObject>(
    (spec, field) => withPath(spec as Record<string, never>, field.path, 'SENTINEL' as never),
    body,
  )
}

describe('a request body', () => {
  it.each(
    KINDS.map((kind) => [kind.title, kind] as const),
  )('of a %s passes when it is made of the examples', (_title, kind) => {
    expect(checkBody(kind, exampleBody(kind))).toEqual([])
  })

  it('does not get what only the YAML file allows', () => {
    const gateway = kindOf('wireguard-gateway')
    const faults = checkBody(gateway, { ...exampleBody(gateway), privateKey: { env: 'KEY' } })
    expect(faults.map((fault) => fault.path)).toEqual(['privateKey'])
  })

  it('reports every fault with its path', () => {
    const peer = kindOf('wireguard-peer')
    const faults = checkBody(peer, { name: '', allowedIPs: ['10.0.0.1/33'], publicKey: 7, extra: 1 })
    expect(faults.map((fault) => fault.path).sort()).toEqual(['allowedIPs[0]', 'extra', 'name', 'publicKey'])
  })

  it('that is not an object is refused', () => {
    for (const body of [null, [], 'text', 3]) expect(checkBody(kindOf('ipsec-tunnel'), body)).toHaveLength(1)
  })

  it('is never quoted where it holds a secret', () => {
    for (const kind of KINDS) {
      for (const field of kind.secrets) {
        for (const value of ['SENTINEL\u0000', ['SENTINEL'], { SENTINEL: 'SENTINEL' }, '']) {
          const body = withPath(exampleBody(kind) as Record<string, never>, field.path, value as never)
          expect(getPath(body, field.path)).toBe(value)
          expect(JSON.stringify(checkBody(kind, body))).not.toContain('SENTINEL')
        }
      }
    }
  })

  it('needs an address of the right family where one is asked for', () => {
    const gateway = kindOf('ipsec-gateway')
    const faults = checkBody(gateway, { ...exampleBody(gateway), gatewayIP: '2001:db8::1' })
    expect(faults).toEqual([
      {
        path: 'gatewayIP',
        message: 'gatewayIP must be an IPv4 address, such as 203.0.113.10, not "2001:db8::1"',
      },
    ])
  })
})
