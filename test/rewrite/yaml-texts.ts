import fc from 'fast-check'

// Files as people write them: members in any order, flow and block, comments in unusual places, anchors and merge keys.

type Lines = readonly string[]

/** One member of a mapping, in ways to write its value: behind the key, or on lines of their own. */
interface Written {
  readonly key: string
  readonly inline?: string
  readonly block?: Lines
}

const comment = fc.constantFrom('# one', '#two', '# key: "value"', '# - item', '# { a: 1, b', "# it's")
const above = fc.array(fc.oneof(comment, fc.constant('')), { maxLength: 2 })
const behind = fc.option(comment, { nil: undefined, freq: 3 })
const quoted = (text: string) => fc.constantFrom(text, `"${text}"`, `'${text}'`)

const network = fc.constantFrom(
  '10.99.0.2/32',
  '10.99.0.2',
  '10.99.0.7/24',
  '2001:DB8:0:0::1/64',
  '2001:0db8::/32',
  '::/0',
  '::ffff:192.0.2.1',
  `\${var.network}`,
)
const description: fc.Arbitrary<Written> = fc.oneof(
  quoted('Head office').map((inline) => ({ key: 'description', inline })),
  fc.constantFrom('', '-', '+').chain((chomp) =>
    fc.constantFrom('|', '>').map((style) => ({
      key: 'description',
      inline: `${style}${chomp}`,
      block: ['first # no comment  ', '', '  - second: x', ...(chomp === '+' ? ['', ''] : [])],
    })),
  ),
  fc.constant({ key: 'description', inline: '"over', block: ['two  ', '', 'lines"'] }),
  fc.constantFrom('', '~', 'null', '""').map((inline) => ({ key: 'description', inline })),
)

function networks(key: string, anchor: string): fc.Arbitrary<Written> {
  const items = fc.array(network, { minLength: 1, maxLength: 3 })
  const plain = items.map((list) => list.map((item) => (item.startsWith('$') ? `"${item}"` : item)))
  return fc.oneof(
    plain.map((list) => ({ key, inline: `${anchor}[${list.join(' , ')}]` })),
    plain.map((list) => ({ key, inline: `${anchor}[`, block: [...list.map((item) => `  ${item},`), ']'] })),
    fc.tuple(plain, fc.boolean(), comment).map(([list, isCommented, text]) => ({
      key,
      inline: anchor.trim(),
      block: list.flatMap((item, index) =>
        isCommented && index === 0 ? [`- ${item} ${text}`, text] : [`- ${item}`],
      ),
    })),
  )
}

const endpoint: fc.Arbitrary<Written> = fc.oneof(
  fc
    .constantFrom(
      '{port: 51820, host: VPN.Example.COM.}',
      '{ "host": 192.0.2.9,"port": 1 }',
      '{host: a.example}',
    )
    .map((inline) => ({ key: 'endpoint', inline })),
  fc.shuffledSubarray(['host: Peer.Example.com', 'port: 4500'], { minLength: 1 }).chain((members) =>
    block(
      members.map((member) => ({ key: member.split(': ')[0] ?? '', inline: member.split(': ')[1] ?? '' })),
      false,
    ).map((lines) => ({ key: 'endpoint', inline: '', block: lines })),
  ),
)

const plainMember = (key: string, ...texts: readonly string[]): fc.Arbitrary<Written> =>
  fc.constantFrom(...texts).map((inline) => ({ key, inline }))

// The lines of a block mapping, members as given, comments and blank lines sprinkled in.
function block(members: readonly Written[], isItem: boolean): fc.Arbitrary<Lines> {
  return fc
    .tuple(...members.map((member) => fc.tuple(fc.constant(member), above, behind, behind)))
    .map((parts) =>
      parts.flatMap(([member, before, trailing, deeper], index) => {
        const inline = member.inline === undefined || member.inline === '' ? '' : ` ${member.inline}`
        const isClosed = member.block === undefined || /^ ?(&\w+)?$/.test(inline)
        const tail = trailing !== undefined && isClosed ? ` ${trailing}` : ''
        const isScalarBlock = /^ [|>"]/.test(inline)
        return [
          ...(index === 0 && isItem ? [] : before),
          `${member.key}:${inline}${tail}`,
          ...(member.block ?? []).map((line) => (line === '' ? '' : `  ${line}`)),
          ...(deeper !== undefined && !isScalarBlock ? [`    ${deeper}`] : []),
        ]
      }),
    )
}

function item(lines: Lines): Lines {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : line === '' ? '' : `  ${line}`))
}

function resource(name: string, members: readonly fc.Arbitrary<Written>[]): fc.Arbitrary<Lines> {
  return fc
    .tuple(quoted(name), ...members)
    .chain(([written, ...rest]) =>
      fc.shuffledSubarray([{ key: 'name', inline: written }, ...rest], { minLength: rest.length + 1 }),
    )
    .chain((all) => block(all, true))
    .map(item)
}

const PUBLIC_KEY = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw='

const flowPeer = fc
  .shuffledSubarray(
    ['name: flow', `publicKey: "${PUBLIC_KEY}"`, 'allowedIPs: [10.99.0.9 ,]', 'protect: true'],
    {
      minLength: 4,
    },
  )
  .chain((members) =>
    fc.constantFrom(
      [`- {${members.join(',')}}`],
      [`- { ${members.join(' , ')}, }`],
      ['- {', ...members.map((member) => `    ${member},`), '  }'],
      ['- { # note', ...members.map((member) => `    ${member},`), '  }'],
    ),
  )

const peers: fc.Arbitrary<Lines> = fc
  .tuple(
    resource('anna', [
      plainMember('publicKey', PUBLIC_KEY, `'${PUBLIC_KEY}'`),
      networks('allowedIPs', '&nets '),
      description,
      endpoint,
    ]),
    resource('ben', [
      plainMember('<<', '*base', '[*base]'),
      plainMember('allowedIPs', '*nets', '[]'),
      description,
    ]),
    flowPeer,
    above,
    above,
  )
  .map(([first, second, third, a, b]) => [...first, ...a, ...second, ...b, ...third])

const connections = fc
  .shuffledSubarray(
    ['datacenterId: 5A029F4A-72E5-11EC-90D6-0242AC120003', 'lanId: 2', 'ipv4CIDR: 192.168.1.100/24'],
    { minLength: 3 },
  )
  .map((lines): Written => ({ key: 'connections', inline: '', block: item(lines) }))

const gateway = fc.tuple(peers, fc.boolean()).chain(([lines, isIndented]) =>
  resource('hq', [
    fc.constant({
      key: 'peers',
      inline: '',
      block: isIndented ? lines.map((line) => (line === '' ? '' : `  ${line}`)) : lines,
    }),
    connections,
    plainMember('privateKey', '{env: HQ_KEY}', '{ "file": a.key }'),
    plainMember('listenPort', '51820', '0xCA6C'),
    plainMember('gatewayIP', '203.0.113.10', '"203.0.113.10"'),
    plainMember(
      'maintenanceWindow',
      '{time: 9:5:0, dayOfTheWeek: Sunday}',
      '{ "dayOfTheWeek": Monday, "time": "03:00:00" }',
    ),
    description,
  ]),
)

/** The text of a file. */
export const yamlTexts: fc.Arbitrary<string> = fc
  .tuple(gateway, above, above, fc.constantFrom('\n', '\r\n'), fc.boolean())
  .chain(([lines, header, before, newline, hasSecond]) =>
    fc
      .shuffledSubarray(
        [
          ['version: 1'],
          ['stack: acme'],
          ['location: de/txl # Berlin'],
          ['x-base: &base', `  publicKey: ${PUBLIC_KEY}`, '  allowedIPs: [10.99.0.4]', '  protect: true'],
        ],
        { minLength: 4 },
      )
      .map((top) =>
        [
          ...header,
          ...top.flat(),
          ...before,
          'wireguardGateways:',
          ...lines,
          ...(hasSecond ? ['---', '# second', 'stack: acme', 'version: 1'] : []),
          '',
        ].join(newline),
      ),
  )
