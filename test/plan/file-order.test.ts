import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'
import type { DesiredResource } from '../../src/model/resource.ts'
import { inFileOrder } from '../../src/plan/changes/file-order.ts'

async function peerWith(allowedIPs: readonly string[]): Promise<DesiredResource> {
  const folder = mkdtempSync(join(tmpdir(), 'order-'))
  try {
    const peer = { name: 'anna', publicKey: 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=', allowedIPs }
    const gateway = {
      name: 'hq',
      gatewayIP: '203.0.113.10',
      interfaceIPv4CIDR: '10.99.0.1/24',
      privateKey: { env: 'KEY' },
      connections: [
        { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: '192.168.1.100/24' },
      ],
      peers: [peer],
    }
    writeFileSync(
      join(folder, 'vpn.yaml'),
      JSON.stringify({ version: 1, stack: 'acme', location: 'de/fra', wireguardGateways: [gateway] }),
    )
    const { desired, diagnostics } = await loadFiles({
      files: ['vpn.yaml'],
      cwd: folder,
      env: {},
      readStdin: () => Promise.reject(new Error('not read')),
      secrets: 'ignore',
    })
    const found = desired?.resources.find(({ name }) => name === 'anna')
    if (found === undefined) throw new Error(JSON.stringify(diagnostics))
    return found
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a list is compared in canonical order and sent in the order of the file', async () => {
  const peer = await peerWith(['10.99.0.9/32', '10.99.0.2/32', '10.20.0.0/24'])
  expect(peer.spec.allowedIPs).toEqual(['10.20.0.0/24', '10.99.0.2/32', '10.99.0.9/32'])
  const sent = inFileOrder(peer, peer.spec)
  expect(sent.allowedIPs).toEqual(['10.99.0.9/32', '10.99.0.2/32', '10.20.0.0/24'])
  expect(sent).toMatchObject({ name: 'anna', publicKey: peer.spec.publicKey })
})

test('equivalent forms and repeated items keep the first place', async () => {
  const peer = await peerWith(['2001:DB8:0::/48', '10.99.0.2/32', '2001:db8::/48'])
  expect(inFileOrder(peer, peer.spec).allowedIPs).toEqual(['2001:db8::/48', '10.99.0.2/32'])
})

test('a list of one item is sent as it is compared', async () => {
  const peer = await peerWith(['10.99.0.2/32'])
  expect(inFileOrder(peer, peer.spec)).toBe(peer.spec)
})
