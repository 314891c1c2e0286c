import { expect, test } from 'vitest'
import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { Secret } from '../../src/model/secret.ts'
import { renderPlanText } from '../../src/report/plan/text.ts'
import {
  CONNECTION,
  gateway,
  gatewaysFor,
  liveOf,
  METADATA,
  PUBLIC_KEY,
  peer,
  planOf,
  wanted,
} from '../support/plan-builder.ts'

const PLAIN = { color: false }
const THROW_AWAY_PSK = 'throw-away-psk-for-tests-only'

function tunnel(name: string, line: number) {
  const branch = wanted(ipsecGateway, 'branch', { gatewayIP: '203.0.113.11', connections: [CONNECTION] })
  const spec = {
    remoteHost: 'vpn.berlin.example.com',
    auth: { method: 'PSK' },
    ike: {},
    esp: {},
    cloudNetworkCIDRs: ['192.168.1.0/24'],
    peerNetworkCIDRs: ['10.20.0.0/16'],
  }
  const reference = { from: 'env', name: 'BERLIN_PSK' } as const
  const secrets = [{ path: ['auth', 'psk', 'key'], reference, value: new Secret(THROW_AWAY_PSK) }]
  return { branch, tunnel: wanted(ipsecTunnel, name, spec, { parent: branch, line, secrets }) }
}

test('a plan reads from the deletions down to the verdict', () => {
  const hq = gateway('hq')
  const alice = peer(hq, 'alice', { allowedIPs: ['10.99.0.2/32', '192.168.10.0/24'] })
  const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=', allowedIPs: ['10.99.0.4/32'] }, { line: 36 })
  const bob = liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' }), {}, { metadata: METADATA })
  const unowned = peer(hq, 'test-laptop', { publicKey: 'c3RyYW5nZXI=', allowedIPs: ['0.0.0.0/0'] })
  const plan = planOf(
    [hq, alice, carol],
    [
      liveOf(hq, { description: 'set by hand', tier: 'PREMIUM' }),
      liveOf(alice, { allowedIPs: ['10.99.0.2/32', '10.0.0.0/8'] }, { metadata: METADATA }),
      bob,
      liveOf(unowned, {}, { id: '11111111-1111-4111-8111-111111111111', metadata: METADATA }),
    ],
  )
  expect(renderPlanText(plan, PLAIN)).toBe(`\
  # wireguardgateways/hq/peers/bob will be destroyed
  # removed from the files, owned by this stack · created 2025-11-02 08:00 UTC by max@example.com · last change 2026-03-01 09:30 UTC by erika@example.com
- peer hq/bob
-   allowedIPs   10.99.0.2/32
-   publicKey    Ym9i

  # wireguardgateways/hq will be updated in-place
  # differs from the file · vpn.yaml:5
! # disruptive: the gateway may be restarted
~ gateway hq
-   description   "set by hand"   (not in the file: cleared)
~   tier          PREMIUM -> STANDARD   (default)

  # wireguardgateways/hq/peers/alice will be updated in-place
  # differs from the file · last change 2026-03-01 09:30 UTC by erika@example.com · vpn.yaml:31
! # disruptive: packets from addresses that are removed are dropped at once; to move a peer, add the new addresses, change the device, then remove the old ones
~ peer hq/alice
    allowedIPs   10.99.0.2/32
-                10.0.0.0/8
+                192.168.10.0/24

  # wireguardgateways/hq/peers/carol will be created
  # not live · vpn.yaml:36
+ peer hq/carol
+   allowedIPs   10.99.0.4/32
+   publicKey    Y2Fyb2w=

  Unmanaged resources (will not be changed)
? peer hq/test-laptop
?   id 11111111-1111-4111-8111-111111111111 · created 2025-11-02 08:00 UTC by max@example.com · last change 2026-03-01 09:30 UTC by erika@example.com
?   URGENT: may send from every address (0.0.0.0/0)
?   allowedIPs   0.0.0.0/0
?   publicKey    c3RyYW5nZXI=
    to adopt:   vpnctl adopt wireguardgateways/hq/peers/test-laptop --write
    to delete:  vpnctl apply --prune all --target wireguardgateways/hq/peers/test-laptop

Access
  packets from test-laptop (0.0.0.0/0 except 10.0.0.0/8, 192.168.10.0/24) to 10.99.0.4/32 will go to carol and not to alice (through hq)
  packets from LAN 2 to 10.0.0.0/8 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32 will go to test-laptop and not to alice (through hq)
  packets from LAN 2 to 192.168.10.0/24 will go to alice and not to test-laptop (through hq)
  packets from LAN 2 to 10.99.0.4/32 will go to carol and not to alice (through hq)
  carol gains 10.99.0.2/32, 192.168.10.0/24 (alice), 0.0.0.0/0 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32, 192.168.1.0/24, 192.168.10.0/24 (test-laptop), 192.168.1.0/24 (LAN 2), through hq
  alice from 192.168.10.0/24 gains 10.99.0.4/32 (carol), 0.0.0.0/0 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32, 192.168.1.0/24, 192.168.10.0/24 (test-laptop), 192.168.1.0/24 (LAN 2), through hq
  alice from 10.99.0.2/32 gains 10.99.0.4/32 (carol), 10.0.0.0/8 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32 (test-laptop), through hq
  test-laptop from 10.0.0.0/8 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32 gains 10.99.0.2/32, 192.168.10.0/24 (alice), 10.99.0.4/32 (carol), 192.168.1.0/24 (LAN 2), through hq
  test-laptop from 0.0.0.0/0 except 10.0.0.0/8, 192.168.10.0/24 gains 192.168.10.0/24 (alice, through hq)
  alice from 10.0.0.0/8 except 10.99.0.1/32, 10.99.0.2/32 loses 0.0.0.0/0 except 10.0.0.0/8, 192.168.1.0/24 (test-laptop), 192.168.1.0/24 (LAN 2), through hq
  alice from 10.99.0.2/32 loses 192.168.10.0/24 (test-laptop, through hq)
  test-laptop from 192.168.10.0/24 loses 10.0.0.0/8 except 10.99.0.1/32 (alice), 192.168.1.0/24 (LAN 2), through hq
  test-laptop from 0.0.0.0/0 except 10.0.0.0/8, 192.168.10.0/24 loses 10.0.0.0/8 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32 (alice, through hq)
  test-laptop: not in the files, reaches 10.99.0.2/32, 192.168.10.0/24 (alice), 10.99.0.4/32 (carol), 192.168.1.0/24 (LAN 2), through hq

  1 other end must be configured as in the files: wireguardgateways/hq/peers/alice (vpnctl peer-config wireguardgateways/hq/peers/alice)

Also: 2 disruptive, 1 unmanaged.
Plan: 1 to add, 2 to change, 1 to destroy.
`)
})

test('a create shows where its values come from, and its secret never', () => {
  const { branch, tunnel: berlin } = tunnel('berlin', 44)
  const text = renderPlanText(planOf([branch, berlin], [liveOf(branch)]), PLAIN)
  expect(text).toBe(`\
  # ipsecgateways/branch/tunnels/berlin will be created
  # not live · vpn.yaml:44
+ tunnel branch/berlin
+   auth.method               PSK
+   auth.psk.key              (secret)   (env BERLIN_PSK)
+   cloudNetworkCIDRs         192.168.1.0/24
+   esp.diffieHellmanGroup    (chosen by the server)
+   esp.encryptionAlgorithm   (chosen by the server)
+   esp.integrityAlgorithm    (chosen by the server)
+   esp.lifetime              3600   (default)
+   ike.diffieHellmanGroup    (chosen by the server)
+   ike.encryptionAlgorithm   (chosen by the server)
+   ike.integrityAlgorithm    (chosen by the server)
+   ike.lifetime              86400   (default)
+   peerNetworkCIDRs          10.20.0.0/16
+   remoteHost                vpn.berlin.example.com

Access
  berlin (10.20.0.0/16), LAN 2 (192.168.1.0/24) gain each other's networks, through branch

Also: 1 unchanged.
Plan: 1 to add, 0 to change, 0 to destroy.
`)
  expect(text).not.toContain(THROW_AWAY_PSK)
})

test('a secret that cannot be compared is sent along, or as asked for, or reported once and left', () => {
  const { branch, tunnel: berlin } = tunnel('berlin', 44)
  const along = planOf([branch, berlin], [liveOf(branch), liveOf(berlin, { remoteHost: 'old.example.com' })])
  expect(renderPlanText(along, PLAIN)).toContain(`\
~   remoteHost     old.example.com -> vpn.berlin.example.com
    auth.psk.key   (secret) cannot be compared, sent along   (env BERLIN_PSK)
`)
  const forced = planOf([branch, berlin], [liveOf(branch), liveOf(berlin)], { resendSecrets: ['all'] })
  expect(renderPlanText(forced, PLAIN)).toContain(
    '~   auth.psk.key   (secret) cannot be compared, sent because of --resend-secrets   (env BERLIN_PSK)\n',
  )
  const left = planOf([branch, berlin], [liveOf(branch), liveOf(berlin)])
  const verbose = renderPlanText(left, { ...PLAIN, verbose: true })
  expect(verbose).toContain(`\
  Not compared, since the API does not return it: ipsecgateways/branch/tunnels/berlin auth.psk.key
    to send them:  --resend-secrets ADDRESS|all
`)
  expect(renderPlanText(left, { ...PLAIN, sourceName: 'vpn.yaml' })).toBe(`\
Secrets: 1 cannot be compared
No changes. Live state matches vpn.yaml (2 resources, 0 unmanaged).
`)
})

test('a secret that the API returned is reported as changed, neither value shown', () => {
  const { branch, tunnel: berlin } = tunnel('berlin', 44)
  const returned = { path: ['auth', 'psk', 'key'], value: new Secret('another-throw-away-psk') }
  const text = renderPlanText(
    planOf([branch, berlin], [liveOf(branch), liveOf(berlin, {}, { secrets: [returned] })]),
    PLAIN,
  )
  expect(text).toContain('~   auth.psk.key   (secret) changed   (env BERLIN_PSK)\n')
  expect(text).toContain(
    '! # disruptive: the tunnel is down until the other end has the same key: apply, then set it there at once\n',
  )
  expect(text).not.toMatch(/throw-away/)
})

test('live fields that this version does not know are named without their value', () => {
  const hq = gateway()
  const plan = planOf([hq], [liveOf(hq, { tier: 'PREMIUM', presharedKey: 'throw-away-unknown' })])
  const text = renderPlanText(plan, PLAIN)
  expect(text).toContain('-   presharedKey   (unknown to this version; the API would reset it)\n')
  expect(text).not.toContain('throw-away-unknown')
  const deleted = planOf(
    [gateway('other', { gatewayIP: '203.0.113.12' })],
    [
      liveOf(gateway('other', { gatewayIP: '203.0.113.12' })),
      liveOf(hq, { presharedKey: 'throw-away-unknown' }),
    ],
  )
  expect(renderPlanText(deleted, PLAIN)).toContain('-   presharedKey        (unknown to this version)\n')
  expect(renderPlanText(deleted, PLAIN)).not.toContain('throw-away-unknown')
})

test('a refused plan is shown with its reasons and never says that there is nothing to do', () => {
  const hq = gateway()
  const unowned = liveOf(hq, {}, { id: '22222222-2222-4222-8222-222222222222' })
  const sources = new Map([['vpn.yaml', 'version: 1\nstack: test\n\nwireguardGateways:\n  - name: hq\n']])
  expect(renderPlanText(planOf([hq], [unowned]), { ...PLAIN, sources })).toBe(`\
error[VPN501]: vpn.yaml:5:5 the WireGuard gateway "hq" already exists and is not owned by this stack (id 22222222-2222-4222-8222-222222222222, 203.0.113.10:51820, 10.99.0.1/24)
 --> vpn.yaml:5:5  (wireguardgateways/hq)
  |
5 |   - name: hq
  |     ^^^^
  = hint: to adopt it, add to its entry: id: 22222222-2222-4222-8222-222222222222; to delete it, add ensure: absent too, apply, and remove these two lines; otherwise choose another name

Refused: this plan must not be applied, for 1 reason (VPN501).
Plan: 0 to add, 0 to change, 0 to destroy.
`)
})

test('a narrow terminal folds rows into the column of their values, a little further in, markers kept', () => {
  const hq = gateway()
  const plan = planOf([hq], [liveOf(hq, { description: 'set by hand', tier: 'PREMIUM' })])
  expect(renderPlanText(plan, { ...PLAIN, width: 44 })).toContain(`\
~ gateway hq
-   description   "set by hand"
-                   (not in the file: cleared)
~   tier          PREMIUM -> STANDARD
~                   (default)
`)
})

test('hostile names and descriptions stay on their line and give no commands', () => {
  const name = 'x\u001b[2J\n::error::pwned\u202e'
  const hq = gateway()
  const evil = liveOf(
    peer(hq, name, { description: 'a\n::set-output name=x::y\r\n##vso[task.complete]' }),
    {},
    { metadata: { createdBy: 'me\n::warning::x', createdDate: 'now\n::error::' } },
  )
  const text = renderPlanText(planOf([hq], [liveOf(hq), evil]), PLAIN)
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(text).not.toMatch(/^\s*::/m)
  expect(text).not.toMatch(/##[a-z]*\[/)
  expect(text.split('\n').filter((line) => line.includes('pwned'))).toHaveLength(3)
})

test('tools around Terraform find what they look for', () => {
  const hq = gateway()
  const old = liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' }))
  const text = renderPlanText(planOf([hq, peer(hq, 'anna')], [liveOf(hq, { tier: 'PREMIUM' }), old]), PLAIN)
  expect(text).toMatch(/^ *# (.*) will be created$/m)
  expect(text).toMatch(/^ *# (.*) will be updated in-place$/m)
  expect(text).toMatch(/^ *# (.*) will be destroyed$/m)
  expect(text).toMatch(
    /^Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy(?:, (\d+) to forget)?\.$/m,
  )
  expect(text.trimEnd().split('\n').at(-1)).toMatch(/^Plan: /)
})

test('colour adds escape sequences and nothing else', () => {
  const hq = gateway()
  const plan = planOf([hq], [liveOf(hq, { tier: 'PREMIUM', description: 'x' })])
  const coloured = renderPlanText(plan, { color: true })
  expect(coloured).toContain('\u001b[')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderPlanText(plan, PLAIN))
})

test('500 creations take two lines each and leave the rest of the plan in full', () => {
  const all = gatewaysFor(500)
  const [hq = gateway(), ...others] = all
  const many = Array.from({ length: 500 }, (_, index) =>
    peer(all[Math.floor(index / 20)] ?? hq, `p${index}`, {
      publicKey: `a2V5${index}`,
      allowedIPs: [`10.99.${index >> 8}.${index & 255}/32`],
    }),
  )
  const live = [liveOf(hq, { tier: 'PREMIUM' }), ...others.map((each) => liveOf(each))]
  const plan = planOf([...all, ...many], live)
  const lines = renderPlanText(plan, PLAIN).split('\n')
  expect(lines).toContain('+ peer hq/p0   allowedIPs 10.99.0.0/32   publicKey a2V50')
  expect(lines).toContain('~   tier   PREMIUM -> STANDARD   (default)')
  expect(lines).toContain('  (the 500 creations are cut short; --verbose shows every field)')
  expect(lines.at(-2)).toBe('Plan: 500 to add, 1 to change, 0 to destroy.')
  expect(lines.length).toBeLessThan(1540)
  expect(renderPlanText(plan, { ...PLAIN, verbose: true })).toContain('+   publicKey    a2V50\n')
})

test('the same plan gives the same bytes', () => {
  const make = () => {
    const hq = gateway()
    return planOf([hq, peer(hq, 'anna', { publicKey: PUBLIC_KEY })], [liveOf(hq, { tier: 'PREMIUM' })])
  }
  expect(renderPlanText(make(), PLAIN)).toBe(renderPlanText(make(), PLAIN))
})

test('at 60 columns keys stay whole below their labels, members and words are folded, lines for tools stay', () => {
  const hq = gateway()
  const key = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw='
  const anna = peer(hq, 'anna', {
    publicKey: key,
    endpoint: { host: 'build.example.com', port: 51821 },
    description: 'a laptop that is used by many people in many places',
  })
  const text = renderPlanText(planOf([hq, anna], []), { ...PLAIN, width: 60 })
  expect(text).toContain(`\n+   publicKey\n+     ${key}\n`)
  expect(text).toContain(`
+   description     "a laptop that is used by many people in
+                     many places"
`)
  expect(text).toContain(`
+   connections
+     { datacenterId: ${CONNECTION.datacenterId},
+       lanId: ${CONNECTION.lanId}, ipv4CIDR: ${CONNECTION.ipv4CIDR} }
`)
  const forTools = /^ {2}# \S+ will be created$/
  for (const line of text.split('\n')) expect(line.length <= 60 || forTools.test(line), line).toBe(true)
})

test('an update shows who changed it last, and nothing where it is as it was created', () => {
  const hq = gateway()
  const user = 'ionos:identity:::users/5b1d7a52-0c1e-4b86-9a66-3f0f5b0b7c11'
  const created = { createdDate: '2026-03-01T08:00:00Z', createdBy: user }
  const untouched = { ...created, lastModifiedDate: created.createdDate, lastModifiedBy: user }
  const plan = planOf([hq], [liveOf(hq, { tier: 'PREMIUM' }, { metadata: untouched })])
  expect(renderPlanText(plan, PLAIN)).toMatch(/# differs from the file · \S+:\d+$/m)
  const touched = { ...created, lastModifiedDate: '2026-05-06T07:08:09Z', lastModifiedBy: user }
  const drifted = planOf([hq], [liveOf(hq, { tier: 'PREMIUM' }, { metadata: touched })])
  expect(renderPlanText(drifted, PLAIN)).toContain(
    ' · last change 2026-05-06 07:08 UTC by 5b1d7a52-0c1e-4b86-9a66-3f0f5b0b7c11 · ',
  )
})
