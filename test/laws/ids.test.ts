import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { formatAddress } from '../../src/model/address.ts'
import { deriveId, hasFingerprint, idDeriver, stackFingerprint } from '../../src/model/identity.ts'

vi.setConfig({ testTimeout: 120_000 })

interface GoldenId {
  readonly stack: string
  readonly location: string
  readonly steps: readonly { readonly collection: string; readonly name: string }[]
  readonly address: string
  readonly id: string
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/ids.json'), 'utf8'),
) as readonly GoldenId[]

describe('ids', () => {
  test.for(golden)('$stack $location $address is what it always was', ({
    stack,
    location,
    steps,
    address,
    id,
  }) => {
    expect(formatAddress(steps)).toBe(address)
    expect(deriveId(stack, location, address)).toBe(id)
  })

  test('show whose they are and are of version 5 of RFC 9562', () => {
    for (const { stack, id } of golden) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(hasFingerprint(id, stackFingerprint(stack))).toBe(true)
      expect(hasFingerprint(id, stackFingerprint(`${stack}x`))).toBe(false)
    }
  })

  test('never meet over a million addresses', () => {
    const derive = idDeriver('acme')
    const seen = new Set<string>()
    for (let gateway = 0; gateway < 1000; gateway += 1) {
      for (let peer = 0; peer < 1000; peer += 1) {
        seen.add(derive('de/fra', `wireguardgateways/g${gateway}/peers/p${peer}`))
      }
    }
    expect(seen.size).toBe(1_000_000)
  })
})
