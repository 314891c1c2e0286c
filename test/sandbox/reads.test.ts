import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { decodeLive } from '../../src/model/decode.ts'
import { getPath } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { SandboxOptions } from '../../src/sandbox/server.ts'
import { call, exampleOf, leastOf, sandboxFor, seedParents, THROWAWAY_KEY } from './calling.ts'

const withSecrets = KINDS.filter((kind) => kind.secrets.length > 0).map((kind) => [kind.name, kind] as const)
const withReadBack = KINDS.filter((kind) => kind.readBack !== undefined)

async function read(kind: ResourceKind, options: SandboxOptions, properties = exampleOf(kind)) {
  const sandbox = await sandboxFor(options)
  const { path, parentId } = seedParents(sandbox.store, kind)
  const id = sandbox.store.seed(kind, properties, parentId === undefined ? {} : { parentId })
  return (await call(sandbox, 'GET', `${path}/${id}`)).body
}

describe.each(withSecrets)('secretsOnRead of a %s', (_name, kind) => {
  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['redacted', '**********'],
    ['real', THROWAWAY_KEY],
  ] as const)('%s', async (secretsOnRead, shown) => {
    const { properties } = await read(kind, { secretsOnRead })
    for (const { path } of kind.secrets) expect(getPath(properties, path)).toBe(shown)
  })

  test('only a real one is taken for a secret by the decoder', async () => {
    for (const [secretsOnRead, count] of [
      ['absent', 0],
      ['empty', 0],
      ['redacted', 0],
      ['real', kind.secrets.length],
    ] as const) {
      const wire = await read(kind, { secretsOnRead })
      const live = decodeLive({ kind, location: 'de/fra', parentIds: [] }, wire)
      expect(live.secrets).toHaveLength(count)
    }
  })
})

test('some kinds have secrets and one reads a public key back', () => {
  expect(withSecrets.length).toBeGreaterThan(1)
  expect(withReadBack).toHaveLength(1)
})

test.each([
  undefined,
  'pem',
  'raw',
] as const)('the form of public keys is the one of publicKeyForm: %s', async (publicKeyForm) => {
  const raw = derivePublicKey(THROWAWAY_KEY) ?? ''
  for (const kind of withReadBack) {
    const { metadata } = await read(kind, publicKeyForm === undefined ? {} : { publicKeyForm })
    if (publicKeyForm === 'raw') expect(metadata.publicKey).toBe(raw)
    else expect(metadata.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=]{60}\n-----END/)
    const decoded = Buffer.from(metadata.publicKey.replace(/-----[A-Z ]+-----/g, ''), 'base64')
    expect(decoded.subarray(-32).toString('base64')).toBe(raw)
  }
})

test('a new private key shows at once', async () => {
  const [kind] = withReadBack
  if (kind === undefined) throw new Error('no kind reads back')
  const sandbox = await sandboxFor()
  const id = sandbox.store.seed(kind, exampleOf(kind))
  const before = (await call(sandbox, 'GET', `/${kind.collection}/${id}`)).body.metadata.publicKey
  const privateKey = Buffer.alloc(32, 9).toString('base64')
  await call(sandbox, 'PUT', `/${kind.collection}/${id}`, { id, properties: exampleOf(kind, { privateKey }) })
  const after = (await call(sandbox, 'GET', `/${kind.collection}`)).body.items[0].metadata.publicKey
  expect(after).not.toBe(before)
})

test('nullsOnRead: fields that are not set are null', async () => {
  for (const kind of KINDS) {
    expect((await read(kind, { nullsOnRead: true }, leastOf(kind))).properties.description).toBeNull()
    expect((await read(kind, {}, leastOf(kind))).properties).not.toHaveProperty('description')
  }
})

test('canonicalReads: values come back in another form than they were written', async () => {
  const [kind] = KINDS.filter(({ sets }) => sets.some(([field]) => field === 'allowedIPs'))
  if (kind === undefined) throw new Error('no kind has allowedIPs')
  const written = exampleOf(kind, { allowedIPs: ['10.99.0.9/24', '10.98.0.0/24'] })
  expect((await read(kind, {}, written)).properties.allowedIPs).toEqual(['10.99.0.9/24', '10.98.0.0/24'])
  const canonical = await read(kind, { canonicalReads: true }, written)
  expect(canonical.properties.allowedIPs).toEqual(['10.98.0.0/24', '10.99.0.0/24'])
})
