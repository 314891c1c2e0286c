import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Plan } from '../../src/plan/types.ts'
import { renderPlanMarkdown } from '../../src/report/plan/report.ts'
import {
  markdownCell,
  markdownCode,
  markdownLink,
  markdownText,
} from '../../src/report/writing/safe-markdown.ts'
import { gateway, gatewaysFor, liveOf, METADATA, peer, planOf } from '../support/plan-builder.ts'
import { RANDOM_TIMEOUT_MS, Reached, runs } from '../support/random-runs.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

/** Throws where a fence or a `<details>` is left open, or one is closed that is not open. */
function expectBalanced(markdown: string): void {
  let fence: string | undefined
  let open = 0
  for (const line of markdown.split('\n')) {
    if (fence !== undefined) {
      if (line.trim() === fence) fence = undefined
      else expect(line).not.toMatch(new RegExp(`^ {0,3}${fence}`))
      continue
    }
    fence = /^(`{3,})diff$/.exec(line)?.[1]
    if (/^<details/.test(line)) open += 1
    if (line === '</details>') open -= 1
    expect(open).toBeGreaterThanOrEqual(0)
  }
  expect(fence).toBeUndefined()
  expect(open).toBe(0)
}

/** What is markdown in a comment: no diff blocks, no code spans. */
function proseOf(markdown: string): string {
  const withoutBlocks = markdown.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
  return withoutBlocks.replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, 'CODE')
}

function smallPlan(): Plan {
  const hq = gateway('hq')
  const alice = peer(hq, 'alice', { allowedIPs: ['10.99.0.2/32', '192.168.10.0/24'] })
  const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=', allowedIPs: ['10.99.0.4/32'] }, { line: 36 })
  return planOf(
    [hq, alice, carol],
    [
      liveOf(hq, { tier: 'PREMIUM' }),
      liveOf(alice, { allowedIPs: ['10.99.0.2/32'] }),
      liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' }), {}, { metadata: METADATA }),
      liveOf(
        peer(hq, 'rogue', { publicKey: 'cm9ndWU=', allowedIPs: ['0.0.0.0/0'] }),
        {},
        { id: '11111111-1111-4111-8111-111111111111', metadata: METADATA },
      ),
    ],
  )
}

test('a comment shows the verdict, the danger, the index, the details and the verdict again', () => {
  const linkTo = (file: string, line: number) => `https://example.com/${file}#L${line}`
  expect(renderPlanMarkdown(smallPlan(), { linkTo, runUrl: 'https://example.com/run/1' })).toBe(`\
<!-- vpnctl:plan stack=test version=1 -->
### vpnctl plan · \`test\`: 1 to create, 2 to update, 1 **disruptive**, 1 to **delete**, 1 unmanaged peer

[run](<https://example.com/run/1>)

> [!CAUTION]
> **Deletes 1 resource:**
>
> - \`wireguardgateways/hq/peers/bob\` (\`created 2025-11-02 08:00 UTC by max@example.com\`, \`last change 2026-03-01 09:30 UTC by erika@example.com\`)

> [!WARNING]
> **Not in the files and urgent (1):**
>
> - \`wireguardgateways/hq/peers/rogue\`: may send from every address (0.0.0.0/0) (\`created 2025-11-02 08:00 UTC by max@example.com\`, \`last change 2026-03-01 09:30 UTC by erika@example.com\`)

**Access**

- packets from alice (10.99.0.2/32) to 10.99.0.4/32 will go to carol and not to rogue (through hq)
- packets from LAN 2 to 192.168.10.0/24 will go to alice and not to rogue (through hq)
- packets from LAN 2 to 10.99.0.4/32 will go to carol and not to rogue (through hq)
- carol gains 10.99.0.2/32, 192.168.10.0/24 (alice), 0.0.0.0/0 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32, 192.168.1.0/24, 192.168.10.0/24 (rogue), 192.168.1.0/24 (LAN 2), through hq
- rogue gains 192.168.10.0/24 (alice), 10.99.0.4/32 (carol), through hq
- alice from 192.168.10.0/24 gains 10.99.0.4/32 (carol), 0.0.0.0/0 except 10.99.0.1/32, 10.99.0.2/32, 10.99.0.4/32, 192.168.1.0/24, 192.168.10.0/24 (rogue), 192.168.1.0/24 (LAN 2), through hq
- alice loses 192.168.10.0/24 (rogue, through hq)
- rogue from 10.99.0.4/32, 192.168.10.0/24 loses 10.99.0.2/32 (alice), 192.168.1.0/24 (LAN 2), through hq
- rogue: not in the files, reaches 10.99.0.2/32, 192.168.10.0/24 (alice), 10.99.0.4/32 (carol), 192.168.1.0/24 (LAN 2), through hq

| | Resource | Change | Source |
|:-:|---|---|---|
| ➖ | \`wireguardgateways/hq/peers/bob\` | **delete** | – |
| ✏️ | \`wireguardgateways/hq\` | \`tier\` (**disruptive**) | [vpn.yaml:5](<https://example.com/vpn.yaml#L5>) |
| ✏️ | \`wireguardgateways/hq/peers/alice\` | \`allowedIPs\` +1 −0 | [vpn.yaml:31](<https://example.com/vpn.yaml#L31>) |
| ➕ | \`wireguardgateways/hq/peers/carol\` | create | [vpn.yaml:36](<https://example.com/vpn.yaml#L36>) |

<details open><summary>Deletions and interruptions (2)</summary>

\`\`\`diff
# wireguardgateways/hq/peers/bob will be destroyed
# removed from the files, owned by this stack · created 2025-11-02 08:00 UTC by max@example.com · last change 2026-03-01 09:30 UTC by erika@example.com
- peer hq/bob
-   allowedIPs   10.99.0.2/32
-   publicKey    Ym9i

# wireguardgateways/hq will be updated in-place
# differs from the file · vpn.yaml:5
# disruptive: the gateway may be restarted
! gateway hq
!   tier   PREMIUM -> STANDARD   (default)
\`\`\`

</details>

<details open><summary>Updates (1)</summary>

\`\`\`diff
# wireguardgateways/hq/peers/alice will be updated in-place
# differs from the file · vpn.yaml:31
! peer hq/alice
    allowedIPs   10.99.0.2/32
+                192.168.10.0/24
\`\`\`

</details>

<details open><summary>Creations (1)</summary>

\`\`\`diff
# wireguardgateways/hq/peers/carol will be created
# not live · vpn.yaml:36
+ peer hq/carol
+   allowedIPs   10.99.0.4/32
+   publicKey    Y2Fyb2w=
\`\`\`

</details>

<details><summary>⚠️ Unmanaged resources (1), will not be changed</summary>

| Resource | Id | Created | By |
|---|---|---|---|
| \`wireguardgateways/hq/peers/rogue\` | \`11111111-1111-4111-8111-111111111111\` | \`2025-11-02 08:00 UTC\` | \`max@example.com\` |

</details>

1 other end must be configured as in the files: wireguardgateways/hq/peers/alice (vpnctl peer-config wireguardgateways/hq/peers/alice)

Also: 1 disruptive, 1 unmanaged.

Plan: 1 to add, 2 to change, 1 to destroy.
`)
})

test('plain markdown has neither HTML nor alert boxes', () => {
  const text = renderPlanMarkdown(smallPlan(), { flavor: 'plain' })
  expect(text.startsWith('[//]: # "vpnctl:plan stack=test version=1"\n\n### ')).toBe(true)
  expect(text).toContain('**CAUTION** **Deletes 1 resource:**\n\n- `wireguardgateways/hq/peers/bob`')
  expect(text).not.toMatch(/^[<>]/m)
})

test('no changes are one short comment', () => {
  const hq = gateway()
  expect(renderPlanMarkdown(planOf([hq], [liveOf(hq)]), { sourceName: 'vpn.yaml' })).toBe(`\
<!-- vpnctl:plan stack=test version=1 -->
### vpnctl plan · \`test\`: no changes

1 unchanged

No changes. Live state matches vpn.yaml (1 resource, 0 unmanaged).
`)
})

test('a refused plan says so in its first line and why in the open', () => {
  const hq = gateway()
  const text = renderPlanMarkdown(
    planOf([hq], [liveOf(hq, {}, { id: '22222222-2222-4222-8222-222222222222' })]),
  )
  expect(text).toContain('`test`: no changes, **refused**\n')
  expect(text).toContain(
    '**Refused: this plan must not be applied (1)**\n\n- **VPN501** `vpn.yaml:5` the WireGuard',
  )
  expect(text).not.toContain('No changes.')
})

test('500 creations fold away and are cut by whole resources, deletions and updates stay', () => {
  const all = gatewaysFor(500)
  const [hq = gateway(), ...others] = all
  const many = Array.from({ length: 500 }, (_, index) =>
    peer(all[Math.floor(index / 20)] ?? hq, `p${index}`, { publicKey: `a2V5${index}` }),
  )
  const live = [liveOf(hq, { tier: 'PREMIUM' }), ...others.map((each) => liveOf(each))]
  const gone = Array.from({ length: 60 }, (_, index) =>
    liveOf(peer(hq, `gone${index}`, { publicKey: `${index}` })),
  )
  const text = renderPlanMarkdown(planOf([...all, ...many], [...live, ...gone]))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
  expect(Buffer.byteLength(text)).toBeGreaterThan(55_000)
  for (const live of gone) expect(text).toContain(`\`wireguardgateways/hq/peers/${live.name}\``)
  expect(text).toContain('!   tier   PREMIUM -> STANDARD   (default)\n')
  const shown = text.match(/^# .* will be created$/gm) ?? []
  expect(text).toContain(`… ${500 - shown.length} more, left out for length; the JSON report has them`)
  expect(text.endsWith('Plan: 500 to add, 1 to change, 60 to destroy.\n')).toBe(true)
  expectBalanced(text)
})

test('500 deletions are all listed by their address', () => {
  const hq = gateway()
  const gone = Array.from({ length: 500 }, (_, index) =>
    liveOf(peer(hq, `gone-${index}-end`, { publicKey: `${index}` }), {}, { metadata: METADATA }),
  )
  const text = renderPlanMarkdown(planOf([hq], [liveOf(hq), ...gone]))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
  for (const live of gone) expect(text).toContain(`/${live.name}\``)
  expectBalanced(text)
})

test('a fence is longer than any run of backticks in what it encloses', () => {
  const hq = gateway()
  const text = renderPlanMarkdown(planOf([hq, peer(hq, 'a````b')], [liveOf(hq)]))
  expect(text).toContain('\n`````diff\n# wireguardgateways/hq/peers/a````b will be created\n')
  expectBalanced(text)
})

test('more deletions than fit are reported as far as they do, and the rest is counted', () => {
  const hq = gateway()
  const gone = Array.from({ length: 3000 }, (_, index) =>
    liveOf(peer(hq, `gone-${index}`, { publicKey: `${index}` })),
  )
  const text = renderPlanMarkdown(planOf([hq], [liveOf(hq), ...gone]))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
  const reported = text.match(/^> - `/gm)?.length ?? 0
  expect(reported).toBeGreaterThan(900)
  expect(text).toContain(`> - … and ${3000 - reported} more deletions; see the full plan`)
  expect(text).toContain('Deletes 3000 resources')
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    '```',
    '````\n</details>',
    '</details><script>',
    '@team',
    '#123',
    'a|b',
    '-->',
    '\n```\n# x',
    '`',
    '![x](https://example.com/x.png)',
  ),
)

test('whatever the names: within the limit, every deletion listed, nothing broken out of', () => {
  const cut = new Reached()
  const shape = fc.record({
    // Few names fit into any limit.
    names: fc.oneof(
      fc.uniqueArray(hostile, { minLength: 1, maxLength: 10 }),
      fc.uniqueArray(hostile, { minLength: 90, maxLength: 100, size: 'max' }),
    ),
    limit: fc.oneof({ weight: 3, arbitrary: fc.constant(12_000) }, fc.integer({ min: 12_000, max: 40_000 })),
    flavor: fc.constantFrom('github' as const, 'gitlab' as const, 'plain' as const),
  })
  fc.assert(
    fc.property(shape, ({ names, limit, flavor }) => {
      const hq = gateway()
      const peers = names.map((name, index) => peer(hq, name, { publicKey: `${index}`, description: name }))
      const plan = planOf(
        [hq, ...peers.filter((_, index) => index % 3 === 1)],
        [
          liveOf(hq, { description: names[0] ?? '' }),
          ...peers.flatMap((each, index) => (index % 3 === 0 ? [liveOf(each)] : [])),
        ],
      )
      const text = renderPlanMarkdown(plan, { limit, flavor })
      cut.count(text.length < renderPlanMarkdown(plan, { limit: 1_000_000, flavor }).length)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit)
      expect(text.length).toBeLessThanOrEqual(limit)
      const caution = text.split('\n').filter((line) => /^(> )?- `/.test(line))
      expect(caution.length).toBeGreaterThanOrEqual(plan.summary.delete)
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Cs}]/u)
      expectBalanced(text)
      const prose = proseOf(text)
      expect(prose.replace(/^<!-- .* -->$|<\/?details( open)?>|<\/?summary>/gm, '')).not.toMatch(/[<`]/)
      expect(prose).not.toMatch(/@[\w]|(?<![&#])#\d|!\[|https?:\/\//)
      expect(renderPlanMarkdown(plan, { limit, flavor })).toBe(text)
    }),
    { numRuns: runs(30) },
  )
  cut.expectShare(0.1)
})

test('text of others mentions nobody, links nothing and formats nothing', () => {
  expect(markdownText('@team #12 <b>*x*</b> | `y` https://example.com GH-7 a\nb')).toBe(
    '@\u200bteam #\u200b12 &lt;b&gt;\\*x\\*&lt;/b&gt; \\| \\`y\\` https:\u200b//example.com GH-\u200b7 a\\\\nb',
  )
})

test('code spans hold any run of backticks, and pipes in a cell', () => {
  expect(markdownCode('plain')).toBe('`plain`')
  expect(markdownCode('a``b`c')).toBe('```a``b`c```')
  expect(markdownCode('`x')).toBe('`` `x ``')
  expect(markdownCell('a|b')).toBe('`a\\|b`')
})

test('a link cannot be ended early', () => {
  expect(markdownLink('a]b', 'https://example.com/a b>c|d')).toBe(
    '[a\\]b](<https://example.com/a%20b%3Ec%7Cd>)',
  )
})
