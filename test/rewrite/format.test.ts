import { describe, expect, it } from 'vitest'
import { formatText } from '../../src/rewrite/format.ts'

function formatted(text: string): string {
  const result = formatText(text, { file: 'vpn.yaml' })
  if ('diagnostics' in result) throw new Error(`refused: ${JSON.stringify(result.diagnostics)}`)
  return result.text
}

function gateway(...lines: readonly string[]): string {
  return ['version: 1', 'stack: acme', 'wireguardGateways:', ...lines.map((line) => `  ${line}`), ''].join(
    '\n',
  )
}

describe('the order of members', () => {
  it('is that of the schema: what it is first, its children last', () => {
    expect(
      formatted(
        'ipsecGateways: []\nlocation: de/txl\nstack: acme\nversion: 1\nx-notes: none\nprotected: [ipsecgateways/*]\n',
      ),
    ).toBe(
      'version: 1\nstack: acme\nlocation: de/txl\nprotected: [ipsecgateways/*]\nx-notes: none\nipsecGateways: []\n',
    )
    expect(
      formatted(
        gateway(
          '- peers: []',
          '  listenPort: 1',
          '  privateKey: { env: K }',
          '  protect: true',
          '  location: de/txl',
          '  name: hq',
        ),
      ),
    ).toBe(
      gateway(
        '- name: hq',
        '  protect: true',
        '  location: de/txl',
        '  privateKey: { env: K }',
        '  listenPort: 1',
        '  peers: []',
      ),
    )
  })

  it('keeps the comments above, behind and below a member', () => {
    expect(
      formatted(
        gateway(
          '# the head office',
          '- connections: # LANs',
          '    # only one',
          '    - lanId: "2"',
          '      # deep',
          '',
          '  # how it is called',
          '  name: hq # short',
          '  # the end',
        ),
      ),
    ).toBe(
      gateway(
        '# the head office',
        '# how it is called',
        '- name: hq # short',
        '  connections: # LANs',
        '    # only one',
        '    - lanId: "2"',
        '      # deep',
        '  # the end',
      ),
    )
  })

  it('keeps an anchor in front of its aliases', () => {
    const text = gateway('- description: &text Main', '  name: *text')
    expect(formatted(text)).toBe(text)
    expect(formatted('x-base: &base { protect: true }\nstack: a\nversion: 1\n')).toBe(
      'version: 1\nstack: a\nx-base: &base { protect: true }\n',
    )
  })

  it('is found for a mapping under x- by where it is merged', () => {
    expect(
      formatted(
        `x-peer: &peer\n  allowedIPs: [10.99.0.2]\n  name: anna\n${gateway('- name: hq', '  peers:', '    - <<: *peer').replace('version: 1\nstack: acme\n', '')}`,
      ),
    ).toContain('x-peer: &peer\n  name: anna\n  allowedIPs: [10.99.0.2/32]\n')
  })

  it('never touches the order of a list', () => {
    const text = gateway('- name: b', '- name: a')
    expect(formatted(text)).toBe(text)
  })

  it('leaves blank lines that belong to a text alone', () => {
    const kept = gateway('- name: hq', '  description: |+', '    one', '', '', '  listenPort: 1')
    expect(formatted(kept)).toBe(kept)
    expect(formatted(gateway('- description: |+', '    one', '', '  name: hq', '- name: b'))).toBe(
      gateway('- name: hq', '  description: |+', '    one', '', '- name: b'),
    )
  })
})

describe('the form of values', () => {
  const peer = (member: string) => gateway('- name: hq', '  peers:', '    - name: anna', `      ${member}`)

  it.each([
    ['allowedIPs: [10.99.0.2]', 'allowedIPs: [10.99.0.2/32]'],
    ["allowedIPs: ['2001:DB8:0:0::/32']", "allowedIPs: ['2001:db8::/32']"],
    ['endpoint: { host: VPN.Example.COM., port: 1 }', 'endpoint: { host: vpn.example.com, port: 1 }'],
    ['id: 5A029F4A-72E5-11EC-90D6-0242AC120003', 'id: 5a029f4a-72e5-11ec-90d6-0242ac120003'],
  ])('writes %s as %s', (before, after) => {
    expect(formatted(peer(before))).toBe(peer(after))
  })

  it('writes a LAN as text and a time with two digits each', () => {
    expect(
      formatted(
        gateway('- name: hq', '  connections: [{ lanId: 2 }]', '  maintenanceWindow: { time: 9:5:0 }'),
      ),
    ).toBe(
      gateway('- name: hq', '  connections: [{ lanId: "2" }]', '  maintenanceWindow: { time: 09:05:00 }'),
    )
  })

  it('leaves host bits in a network, which the validation warns about', () => {
    const text = peer('allowedIPs: [10.99.0.7/24]')
    expect(formatted(text)).toBe(text)
  })

  it('leaves texts with variables and values that are not understood', () => {
    const text = peer(`endpoint: { host: "\${var.Host}.Example.com", port: many }`)
    expect(formatted(text)).toBe(text)
  })

  it('leaves characters alone that only some programs take for the end of a line', () => {
    const text = peer('description: "a \u2028# b"')
    expect(formatted(text)).toBe(text)
  })

  it('leaves a value that two places want spelt differently', () => {
    const text = gateway(
      '- name: hq',
      '  interfaceIPv4CIDR: &net 010.0.0.1',
      '  peers:',
      '    - name: anna',
      '      description: &both A.example',
      '      endpoint: { host: *both }',
    )
    expect(formatted(text)).toBe(text)
  })
})

describe('the layout', () => {
  it('gives [] and {} on one line one spacing, and leaves those over several lines', () => {
    expect(formatted(gateway('- {name: hq,  "peers":[ ],connections: [{lanId: "2" }, ]}'))).toBe(
      gateway('- { name: hq, connections: [{ lanId: "2" }], "peers": [] }'),
    )
    const long = gateway(
      '- name: hq',
      '  protect: true',
      '  peers: [',
      '      { name: anna }, # first',
      '  ]',
    )
    expect(formatted(long)).toBe(long)
  })

  it('ends lines in LF, without spaces at their ends, and the file in one', () => {
    expect(formatted('\n\nversion: 1  \r\nstack: acme\r\n\r\n\r\n')).toBe('version: 1\nstack: acme\n')
    expect(formatted('version: 1\nstack: acme')).toBe('version: 1\nstack: acme\n')
  })

  it('keeps documents apart', () => {
    expect(formatted('# a\n---\nstack: a\nversion: 1\n---\n# b\nstack: b\nversion: 1\n')).toBe(
      '# a\n---\nversion: 1\nstack: a\n---\n# b\nversion: 1\nstack: b\n',
    )
  })
})

it('says where a text is not YAML, without touching it', () => {
  expect(formatText('version: [1\n', { file: 'vpn.yaml' })).toMatchObject({
    diagnostics: [{ severity: 'error', at: { file: 'vpn.yaml' } }],
  })
})

it('leaves a text alone when its formatted form would say something else', () => {
  // The one scalar is a variable, where every character counts, and a network, which has a shorter form.
  const text = `vars: { net: &net 10.99.0.2 }\n${gateway('- name: hq', '  peers:', '    - name: anna', '      allowedIPs: [*net]')}`
  expect(formatText(text, { file: 'vpn.yaml' })).toMatchObject({ diagnostics: [{ code: 'VPN601' }] })
})
