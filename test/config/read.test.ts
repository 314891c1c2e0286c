import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LoadOptions, loadFiles } from '../../src/engine/load-files.ts'

let folder = ''
const gateway = (name: string, ip: number) =>
  `version: 1\nstack: acme-prod\nipsecGateways:\n  - { name: ${name}, gatewayIP: 203.0.113.${ip}, connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: ${ip}, ipv4CIDR: 192.168.${ip}.100/24 }] }\n`

const load = (files: readonly string[], options: Partial<LoadOptions> = {}) =>
  loadFiles({
    files,
    cwd: folder,
    env: {},
    readStdin: async () => Buffer.from(gateway('stdin', 9)),
    secrets: 'ignore',
    ...options,
  })

const namesOf = async (files: readonly string[]) => {
  const { desired, diagnostics } = await load(files)
  expect(diagnostics).toEqual([])
  return desired?.resources.map((resource) => resource.name)
}

const codesOf = async (files: readonly string[]) =>
  (await load(files)).diagnostics.map((diagnostic) => diagnostic.code)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpnctl-read-'))
  await mkdir(join(folder, 'vpn/north'), { recursive: true })
  await mkdir(join(folder, 'vpn/.hidden'))
  await mkdir(join(folder, 'empty'))
  await writeFile(join(folder, 'vpn/b.yaml'), gateway('b', 1))
  await writeFile(join(folder, 'vpn/a.yml'), gateway('a', 2))
  await writeFile(join(folder, 'vpn/north/c.yaml'), gateway('c', 3))
  await writeFile(join(folder, 'vpn/.hidden/d.yaml'), gateway('d', 4))
  await writeFile(join(folder, 'vpn/notes.txt'), 'no YAML: [')
  await writeFile(join(folder, 'large.yaml'), `# ${'x'.repeat(10 * 1024 * 1024)}`)
  await symlink('loop', join(folder, 'loop'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('what a --file argument means', () => {
  it('is a file, or every YAML file of a folder and below, sorted, hidden ones left out', async () => {
    expect(await namesOf(['vpn/b.yaml'])).toEqual(['b'])
    expect(await namesOf(['vpn'])).toEqual(['a', 'b', 'c'])
  })

  it('is what a pattern matches', async () => {
    expect(await namesOf(['vpn/*.yaml'])).toEqual(['b'])
    expect(await namesOf(['vpn/**/*.yaml'])).toEqual(['b', 'c'])
    expect(await namesOf(['v?n/a.*'])).toEqual(['a'])
  })

  it('is standard input for -', async () => {
    const { desired } = await load(['-'])
    expect(desired?.resources[0]?.locate()?.file).toBe('<stdin>')
  })

  it('is read once, however often it is named', async () => {
    expect(await namesOf(['vpn/a.yml', './vpn/../vpn/a.yml', 'vpn/*.yml'])).toEqual(['a'])
  })
})

describe('what cannot be read', () => {
  it('is reported file by file, and nothing else is made of it', async () => {
    expect(await codesOf(['vpm.yaml', 'loop', 'empty', 'none-*.yaml', 'large.yaml'])).toEqual([
      'VPN101',
      'VPN101',
      'VPN102',
      'VPN102',
      'VPN103',
    ])
  })

  it('does not hide what is wrong with the files that can be', async () => {
    await writeFile(join(folder, 'faulty.yaml'), 'version: 1\nstakc: x\n')
    expect(await codesOf(['vpm.yaml', 'faulty.yaml'])).toEqual(['VPN101', 'VPN201'])
  })
})

it('hears its signal between reading, parsing and checking', async () => {
  const stop = new AbortController()
  setImmediate(() => stop.abort('SIGTERM'))
  const reading = load(['-'], { signal: stop.signal })
  await expect(reading).rejects.toBe('SIGTERM')
})

describe('several documents', () => {
  it('share one stack, which one of them has to name', async () => {
    const rest = gateway('b', 2).replace('version: 1\nstack: acme-prod\n', 'location: de/txl\n')
    await writeFile(join(folder, 'two.yaml'), `${gateway('a', 1)}---\n${rest}---\n`)
    const { desired, diagnostics } = await load(['two.yaml'])
    expect(diagnostics).toEqual([])
    expect(desired?.resources.map(({ location }) => location)).toEqual(['de/fra', 'de/txl'])
    expect([...(desired?.locations ?? [])].sort()).toEqual(['de/fra', 'de/txl'])
  })

  it('in different files may not disagree about the stack, and both places are shown', async () => {
    await writeFile(join(folder, 'one.yaml'), gateway('a', 1))
    await writeFile(join(folder, 'other.yaml'), gateway('b', 2).replace('acme-prod', 'acme-test'))
    const { diagnostics, desired } = await load(['one.yaml', 'other.yaml'])
    expect(desired).toBeNull()
    expect(diagnostics).toMatchObject([
      {
        code: 'VPN211',
        at: { file: 'other.yaml', start: { line: 2 } },
        related: [{ at: { file: 'one.yaml' } }],
      },
    ])
  })

  it('that broke do not make what is elsewhere look missing', async () => {
    await writeFile(join(folder, 'broken.yaml'), 'version: 1\nstack: [\n')
    await writeFile(join(folder, 'part.yaml'), 'location: de/fra\n')
    expect(await codesOf(['broken.yaml', 'part.yaml'])).toEqual(['VPN105'])
  })
})

describe('variables', () => {
  const text = `version: 1
stack: "\${var.stack}-\${var.port}"
vars: { stack: file, port: 1 }
wireguardGateways:
  - name: $\${var.stack}
    gatewayIP: 203.0.113.1
    interfaceIPv4CIDR: 10.99.0.1/24
    listenPort: \${var.port}
    privateKey: { env: K }
    connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: 1, ipv4CIDR: 192.168.1.9/24 }]
`
  const loadVariables = (options: Partial<LoadOptions>) =>
    load(['-'], { readStdin: async () => Buffer.from(text), ...options })

  it('are put in before validation, with the type of their values, and $$ escapes', async () => {
    const { desired, diagnostics } = await loadVariables({})
    expect(diagnostics).toEqual([])
    expect(desired?.stack).toBe('file-1')
    expect(desired?.resources[0]).toMatchObject({ name: `$${'{var.stack}'}`, spec: { listenPort: 1 } })
  })

  it('that are text do not fit a number, and the hint says where the quotes are', async () => {
    const quoted = text.replace('port: 1', 'port: "1"')
    const { diagnostics } = await load(['-'], { readStdin: async () => Buffer.from(quoted) })
    expect(diagnostics).toMatchObject([
      { code: 'VPN203', at: { start: { line: 8 } }, hint: expect.stringContaining("variable's value") },
    ])
  })

  it('win in the order file, --var-file, environment, --var', async () => {
    await writeFile(join(folder, 'vars.yaml'), 'stack: varfile\nport: 2\n')
    const env = { VPNCTL_VAR_stack: 'env', VPNCTL_VAR_port: '3' }
    const stackOf = async (options: Partial<LoadOptions>) => (await loadVariables(options)).desired?.stack
    expect(await stackOf({ varFiles: ['vars.yaml'] })).toBe('varfile-2')
    expect(await stackOf({ varFiles: ['vars.yaml'], env })).toBe('env-3')
    expect(await stackOf({ varFiles: ['vars.yaml'], env, vars: { port: '4' } })).toBe('env-4')
  })

  it('of --var that no file uses are reported, since they are usually misspelled', async () => {
    const { diagnostics } = await loadVariables({ vars: { prot: '7' } })
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['VPN120', 'warning']])
  })

  it('come from files of "name: value" lines only', async () => {
    await writeFile(join(folder, 'bad-vars.yaml'), 'ports: [1, 2]\n')
    expect((await loadVariables({ varFiles: ['bad-vars.yaml'] })).diagnostics).toMatchObject([
      { code: 'VPN121', at: { file: 'bad-vars.yaml' } },
    ])
  })
})

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: references to variables
describe('a number that YAML changes', () => {
  const file = (vars: string, rest: string): string =>
    `version: 1\nstack: acme-prod\nvars: { site: ${vars} }\nipsecGateways:\n  - { ${rest}, gatewayIP: 203.0.113.7, connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: 2, ipv4CIDR: 192.168.2.100/24 }] }\n`
  const reported = async (text: string, options: Partial<LoadOptions> = {}) => {
    await writeFile(join(folder, 'number.yaml'), text)
    const { diagnostics } = await load(['number.yaml'], options)
    return diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`)
  }
  const NAME = 'name: "gw-${var.site}"'

  it.each([
    ['007', '7'],
    ['1.10', '1.1'],
    ['0x10', '16'],
    ['12345678901234567890', '12345678901234567000'],
    ['1e3', '1000'],
    ['+5', '5'],
  ])('is an error in a name, and a warning where it is: %s', async (written, read) => {
    expect(await reported(file(written, NAME))).toEqual([
      `warning VPN124 ${written} is read as the number ${read}`,
      `error VPN123 this name uses the variable "site", whose value ${written} is read as the number ${read}`,
    ])
    const { diagnostics } = await load(['number.yaml'])
    for (const { hint } of diagnostics) {
      expect(hint).toContain(`"${written}"`)
      expect(hint).toContain(`"${read}"`)
    }
  })

  it('is an error from a file of variables too', async () => {
    await writeFile(join(folder, 'vars.yaml'), 'site: 007\n')
    const codes = (await reported(file('8', NAME), { varFiles: ['vars.yaml'] })).map((line) =>
      line.slice(0, 14),
    )
    expect(codes).toEqual(['error VPN123 t', 'warning VPN124'])
  })

  it('is no more than a warning elsewhere', async () => {
    expect(await reported(file('007', 'name: gw, description: "site ${var.site}"'))).toEqual([
      'warning VPN124 007 is read as the number 7',
    ])
    expect(await reported(file('x', NAME).replace('lanId: 2', 'lanId: 0x10'))).toEqual([
      'warning VPN124 0x10 is read as the number 16',
    ])
  })

  it.each([
    '"007"',
    '7',
    '-7',
    '1.5',
    '1_0',
    'a7',
    '0',
    '12345678901234',
  ])('is none of these: %s', async (written) => {
    expect(await reported(file(written, NAME))).toEqual([])
  })

  it('is as it is written on the command line', async () => {
    expect(await reported(file('8', NAME), { vars: { site: '007' } })).toEqual([])
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: references to variables
