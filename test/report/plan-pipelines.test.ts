import { expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { planDigest } from '../../src/plan/saved/digest.ts'
import type { Plan } from '../../src/plan/types.ts'
import * as azure from '../../src/report/formats/azure.ts'
import { render as renderDotenv } from '../../src/report/formats/dotenv.ts'
import * as github from '../../src/report/formats/github.ts'
import * as gitlab from '../../src/report/formats/gitlab.ts'
import * as tfjson from '../../src/report/formats/tfjson.ts'
import { planReport } from '../../src/report/plan/report.ts'
import { gateway, ipsecGatewayOf, liveOf, peer, planOf, tunnelOf } from '../support/plan-builder.ts'
import { RENDER_OPTIONS } from '../support/render-options.ts'

const tfjsonOf = (plan: Plan) => tfjson.render(planReport(plan))

const hq = gateway('hq')
const alice = peer(hq, 'alice')
const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=' }, { line: 36 })
const plan = planOf(
  [hq, alice, carol],
  [
    liveOf(hq, { tier: 'PREMIUM' }),
    liveOf(alice, { allowedIPs: ['10.99.0.9/32'] }),
    liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' })),
    liveOf(
      peer(hq, 'rogue', { publicKey: 'cm9ndWU=', allowedIPs: ['::/0'] }),
      {},
      { id: '11111111-1111-4111-8111-111111111111' },
    ),
  ],
)

test('GitLab gets its three counts, never more than six digits', () => {
  expect(gitlab.render(planReport(plan), RENDER_OPTIONS)).toBe('{"create":1,"update":2,"delete":1}\n')
  const huge = { ...plan, summary: { ...plan.summary, create: 1_000_000 } }
  expect(gitlab.render(planReport(huge), RENDER_OPTIONS)).toBe('{"create":999999,"update":2,"delete":1}\n')
})

test('GitHub gets a remark at the line of each change, dangers as warnings and first', () => {
  expect(github.render(planReport(plan), RENDER_OPTIONS)).toBe(`\
::warning title=delete::wireguardgateways/hq/peers/bob will be destroyed: removed from the files, owned by this stack
::warning file=vpn.yaml,line=5,endLine=5,col=5,endColumn=8,title=disruptive update::wireguardgateways/hq will be updated in-place: differs from the file%0Athe gateway may be restarted
::warning file=vpn.yaml,line=31,endLine=31,col=5,endColumn=8,title=disruptive update::wireguardgateways/hq/peers/alice will be updated in-place: differs from the file%0Apackets from addresses that are removed are dropped at once; to move a peer, add the new addresses, change the device, then remove the old ones
::warning title=unmanaged::wireguardgateways/hq/peers/rogue may send from every address (::/0): not in the files, not owned by this stack
::notice file=vpn.yaml,line=36,endLine=36,col=5,endColumn=8,title=create::wireguardgateways/hq/peers/carol will be created: not live
`)
})

test('later steps get the counts under the names they know', () => {
  const outputs = planReport(plan).facts
  expect(github.renderOutputs([...outputs, ['note', 'a\nb']], 'EOF_1')).toBe(`\
changes=true
to_add=1
to_change=2
to_destroy=1
to_import=0
to_move=0
unmanaged=1
refused=false
plan_digest=${planDigest(plan)}
note<<EOF_1
a
b
EOF_1
`)
  expect(renderDotenv({ facts: [...outputs.slice(0, 2), ['plan-path', 'p.json'], ['note', 'a\nb']] })).toBe(
    'VPNCTL_CHANGES=true\nVPNCTL_TO_ADD=1\nVPNCTL_PLAN_PATH=p.json\n',
  )
  expect(azure.render(planReport(plan), RENDER_OPTIONS)).toContain(
    '##vso[task.setvariable variable=to_destroy;isoutput=true]1\n',
  )
})

test('policies get the shape of terraform show, secrets replaced and flagged', () => {
  const branch = ipsecGatewayOf('branch')
  const berlin = tunnelOf(branch, 'berlin', 'vpn.berlin.example.com', {
    variable: 'BERLIN_PSK',
    value: new Secret('throw-away-psk-for-tests-only'),
  })
  const unknown = { presharedKey: 'throw-away-unknown' }
  const text = tfjsonOf(planOf([branch, berlin], [liveOf(branch, unknown), liveOf(peer(hq, 'bob'), unknown)]))
  expect(text).not.toMatch(/throw-away/)
  const document = JSON.parse(text)
  const [deletion, creation, kept] = document.resource_changes
  expect(document.format_version).toBe('1.2')
  expect(creation).toEqual({
    address: 'ipsecgateways/branch/tunnels/berlin',
    mode: 'managed',
    type: 'ipsec-tunnel',
    name: 'berlin',
    provider_name: 'vpnctl',
    change: {
      actions: ['create'],
      before: null,
      after: {
        name: 'berlin',
        remoteHost: 'vpn.berlin.example.com',
        auth: { method: 'PSK', psk: { key: '(sensitive)' } },
        ike: { lifetime: 86400 },
        esp: { lifetime: 3600 },
      },
      after_unknown: {
        ike: { diffieHellmanGroup: true, encryptionAlgorithm: true, integrityAlgorithm: true },
        esp: { diffieHellmanGroup: true, encryptionAlgorithm: true, integrityAlgorithm: true },
      },
      before_sensitive: false,
      after_sensitive: { auth: { psk: { key: true } } },
    },
    action_reason: 'missing',
  })
  expect(deletion.change).toMatchObject({
    actions: ['delete'],
    after: null,
    after_sensitive: false,
    before: { name: 'bob' },
  })
  expect(kept.change.actions).toEqual(['no-op'])
  expect(kept.change.before).toEqual(kept.change.after)
})

test('a secret that changes is seen by a policy, its value is not', () => {
  const keyed = gateway(
    'hq',
    {},
    {
      secrets: [
        {
          path: ['privateKey'],
          reference: { from: 'env', name: 'HQ_KEY' },
          value: new Secret('throw-away-new'),
        },
      ],
    },
  )
  const returned = { path: ['privateKey'], value: new Secret('throw-away-old') }
  const text = tfjsonOf(planOf([keyed], [liveOf(keyed, {}, { secrets: [returned] })]))
  expect(text).not.toMatch(/throw-away/)
  const [change] = JSON.parse(text).resource_changes
  expect(change.change.actions).toEqual(['update'])
  expect(change.change.before.privateKey).toBe('(sensitive)')
  expect(change.change.after.privateKey).toBe('(sensitive, changed)')
})

test('what is not managed is reported to policies apart from the changes', () => {
  const { vpnctl, resource_changes: changes } = JSON.parse(tfjsonOf(plan))
  expect(vpnctl.unmanaged).toEqual([
    {
      address: 'wireguardgateways/hq/peers/rogue',
      type: 'wireguard-peer',
      values: { name: 'rogue', publicKey: 'cm9ndWU=', allowedIPs: ['::/0'] },
    },
  ])
  expect(JSON.stringify(changes)).not.toContain('rogue')
})
