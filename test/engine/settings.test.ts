import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolveSettings, type Settings, type SettingsQuery } from '../../src/engine/settings.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vpnctl-home-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(path: string, text: string): string {
  const full = join(home, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text, { mode: 0o600 })
  return full
}

const query = (more: Partial<SettingsQuery> = {}): SettingsQuery => ({
  locations: ['de/fra'],
  cwd: home,
  ...more,
  env: { HOME: home, ...more.env },
})

async function settings(more: Partial<SettingsQuery> = {}): Promise<Settings> {
  const found = await resolveSettings(query(more))
  if ('problem' in found) throw new Error(found.problem)
  return found
}

async function problem(more: Partial<SettingsQuery> = {}): Promise<string> {
  const found = await resolveSettings(query(more))
  return 'problem' in found ? found.problem : 'no problem'
}

function reveal({ credentials }: Settings): string | undefined {
  if (credentials === undefined) return undefined
  const { value } = credentials
  return value.type === 'token' ? value.token.reveal() : `${value.username}:${value.password.reveal()}`
}

const urls = ({ endpoints }: Settings) => endpoints.map(({ value }) => value)

const FILE = `
version: 1.0
currentProfile: work
profiles:
  - name: Work
    environment: stage
    credentials: { token: token-of-work, username: u, password: p }
  - name: other
    environment: prod
    credentials: { username: someone, password: pass-of-other }
environments:
  - name: prod
    products:
      - name: vpn
        endpoints: [{ location: de/fra, name: https://prod.example.com }]
  - name: stage
    products:
      - name: dns
        endpoints: [{ name: https://dns.example.com }]
      - name: " VPN "
        endpoints:
          - location: " DE-TXL "
            name: https://txl.example.com/
          - name: https://rest.example.com
            skipTlsVerify: true
`

describe('endpoints', () => {
  test('are built in when nobody says anything', async () => {
    const found = await settings({ locations: ['de/fra', 'de/txl', 'us/ewr'] })
    expect(urls(found)).toEqual([
      'https://vpn.de-fra.ionos.com',
      'https://vpn.de-txl.ionos.com',
      'https://vpn.us-ewr.ionos.com',
    ])
    expect(found.endpoints.map(({ source }) => source)).toEqual(['built in', 'built in', 'built in'])
    expect(found.credentials).toBeUndefined()
  })

  test('flag, VPNCTL_ENDPOINT, IONOS_API_URL_VPN, IONOS_API_URL, file, built in: the first that is there', async () => {
    write('.ionos/config', FILE)
    const env: Record<string, string> = {
      VPNCTL_ENDPOINT: 'https://two.example.com',
      IONOS_API_URL_VPN: 'https://three.example.com',
      IONOS_API_URL: 'https://four.example.com',
    }
    const seen = [await settings({ endpoint: 'https://one.example.com', env })]
    for (const name of ['', 'VPNCTL_ENDPOINT', 'IONOS_API_URL_VPN', 'IONOS_API_URL']) {
      delete env[name]
      seen.push(await settings({ env }))
    }
    seen.push(await settings({ env: { IONOS_CONFIG_FILE: write('empty.yaml', '') } }))
    expect(seen.flatMap(urls)).toEqual([
      'https://one.example.com',
      'https://two.example.com',
      'https://three.example.com',
      'https://four.example.com',
      'https://rest.example.com',
      'https://vpn.de-fra.ionos.com',
    ])
  })

  test('{location} shows locations apart; de/fra/2 is de/fra', async () => {
    const found = await settings({
      endpoint: 'https://{location}.example.com/v/',
      locations: ['de/fra/2', 'de/txl'],
    })
    expect(urls(found)).toEqual(['https://de-fra.example.com/v', 'https://de-txl.example.com/v'])
  })

  test.each([
    ['ftp://example.com', /--endpoint has to be an https URL/],
    ['http://example.com', /--endpoint would send the credentials unencrypted/],
    ['https://user:pass-word@example.com', /--endpoint contains credentials; use IONOS_TOKEN/],
    ['https://example.com?x=1', /must not have a query/],
    ['token-in-the-wrong-place', /--endpoint is not a URL/],
  ])('%s is refused, and not repeated', async (endpoint, words) => {
    const reported = await problem({ endpoint })
    expect(reported).toMatch(words)
    expect(reported).not.toMatch(/pass-word|wrong-place/)
  })

  test('one endpoint for several locations is refused, whoever names it', async () => {
    const locations = ['de/fra', 'de/txl']
    expect(await problem({ endpoint: 'https://one.example.com', locations })).toMatch(
      /^--endpoint is one endpoint, but this run is about several locations \(de\/fra, de\/txl\): put \{location\} in it$/,
    )
    const file = FILE.replace('https://txl.example.com/', 'https://rest.example.com')
    const path = write('.ionos/config', file)
    expect(await problem({ locations })).toContain(`${path}:23:19 is one endpoint, but this run`)
  })

  test('an unknown location is reported with the one that was meant', async () => {
    expect(await problem({ locations: ['de/frq'] })).toMatch(
      /no location "de\/frq" \(did you mean "de\/fra"\?\)/,
    )
  })
})

describe('the configuration file', () => {
  test('gives credentials, endpoints and trust of the current profile', async () => {
    const path = write('.ionos/config', FILE)
    const found = await settings({ locations: ['de/fra', 'de/txl'] })
    expect(reveal(found)).toBe('token-of-work')
    expect(found.credentials?.source).toBe(`profile "work" of ${path}`)
    expect(urls(found)).toEqual(['https://rest.example.com', 'https://txl.example.com'])
    expect(found.endpoints.map(({ tls }) => tls.rejectUnauthorized)).toEqual([false, undefined])
    expect(found.endpoints[1]?.source).toBe(`${path}:23:19`)
    expect(found.warnings).toEqual([
      expect.stringMatching(/^the certificate of rest\.example\.com is NOT checked \(skipTlsVerify for /),
    ])
  })

  test.each([
    '0123456',
    '0001234e5',
    '1.10',
    '0x10',
    '12345678901234567890',
    '0o17',
    '.inf',
    'True',
    'FALSE',
    '1_000',
    '2030-01-01',
    '"0123456"',
  ])('takes %s as it is written', async (written) => {
    const as = (credentials: string): Promise<Settings> => {
      write('.ionos/config', `currentProfile: p\nprofiles: [{ name: p, credentials: ${credentials} }]\n`)
      return settings()
    }
    const text = written.replaceAll('"', '')
    expect(reveal(await as(`{ token: ${written} }`))).toBe(text)
    expect(reveal(await as(`{ username: ${written}, password: ${written} }`))).toBe(`${text}:${text}`)
    expect(reveal(await as(`&a { username: u, password: &b ${written} }`))).toBe(`u:${text}`)
  })

  test('keeps the white space of a password, and drops the line break of a block', async () => {
    const as = async (password: string): Promise<string | undefined> => {
      write(
        '.ionos/config',
        `currentProfile: p\nprofiles:\n  - name: p\n    credentials:\n      username: u\n      password: ${password}\n`,
      )
      return reveal(await settings())
    }
    expect(await as('" a b "')).toBe('u: a b ')
    expect(await as('|\n        a b')).toBe('u:a b')
  })

  test('has true and false where they belong, and nothing else', async () => {
    const skip = (value: string): string => FILE.replace('skipTlsVerify: true', `skipTlsVerify: ${value}`)
    write('.ionos/config', skip('False'))
    expect((await settings()).warnings).toEqual([])
    write('.ionos/config', skip('"true"'))
    expect(await problem()).toContain('"skipTlsVerify" has to be true or false')
  })

  test('the flag, then IONOS_CURRENT_PROFILE, then the file chooses the profile', async () => {
    write('.ionos/config', FILE)
    const env = { IONOS_CURRENT_PROFILE: 'OTHER' }
    expect(reveal(await settings({ env }))).toBe('someone:pass-of-other')
    expect(urls(await settings({ env }))).toEqual(['https://prod.example.com'])
    expect(reveal(await settings({ env, profile: 'work' }))).toBe('token-of-work')
  })

  test('without a file, a profile that is asked for is an error', async () => {
    expect(await problem({ profile: 'work' })).toContain(
      '--profile asks for the profile "work", and there is no configuration file',
    )
    expect(await problem({ env: { IONOS_CURRENT_PROFILE: 'work' } })).toContain(
      'IONOS_CURRENT_PROFILE asks for',
    )
  })

  test('without a profile the first environment with this product counts, and no credentials', async () => {
    write('.ionos/config', FILE.replace('currentProfile: work', ''))
    const found = await settings()
    expect(found.credentials).toBeUndefined()
    expect(urls(found)).toEqual(['https://prod.example.com'])
  })

  test('the environment wins over the file', async () => {
    write('.ionos/config', FILE)
    expect(reveal(await settings({ env: { IONOS_TOKEN: ' t ' } }))).toBe('t')
    expect(reveal(await settings({ env: { IONOS_USERNAME: 'u', IONOS_PASSWORD: 'p' } }))).toBe('u:p')
    expect(reveal(await settings({ env: { IONOS_USERNAME: 'u' } }))).toBe('token-of-work')
  })

  test('is looked for where the CLI, the SDKs and the Terraform provider look, in this order', async () => {
    const token = (name: string) =>
      `{ currentProfile: a, profiles: [{ name: a, credentials: { token: ${name} } }] }`
    const seen: (string | undefined)[] = []
    for (const path of [
      '.ionos/config.yaml',
      '.ionos/config',
      'Library/Application Support/ionosctl/config.yaml',
      '.config/ionosctl/config.yaml',
    ]) {
      write(path, token(path.replace(/\W/g, '')))
      seen.push(reveal(await settings()))
    }
    const xdg = write('xdg/ionosctl/config.yaml', token('xdg'))
    seen.push(reveal(await settings({ env: { XDG_CONFIG_HOME: dirname(dirname(xdg)) } })))
    seen.push(reveal(await settings({ env: { IONOS_CONFIG_FILE: write('named.yaml', token('named')) } })))
    seen.push(reveal(await settings({ config: write('flag.yaml', token('flag')) })))
    expect(seen).toEqual([
      'ionosconfigyaml',
      'ionosconfig',
      'LibraryApplicationSupportionosctlconfigyaml',
      'configionosctlconfigyaml',
      'xdg',
      'named',
      'flag',
    ])
  })

  test.each([
    ['profiles: [', /:1:12 is not YAML from here on$|:2:1 is not YAML from here on$/],
    ['- a', /:1:1 the file has to be a mapping/],
    ['profiles: secret-text', /:1:11 "profiles" has to be a list/],
    [
      'currentProfile: nobody\nprofiles: [{ name: a }]',
      /:1:17 asks for the profile "nobody", and .*:2:11 has only "a"/,
    ],
    [
      'currentProfile: a\nprofiles: [{ name: a, environment: x }]\nenvironments: [{ name: y }]',
      /:2:36 the environment "x" is not in the file/,
    ],
    [
      'environments: [{ products: [{ name: vpn, endpoints: [{ location: de/fra }] }] }]',
      /no "name", which is the URL/,
    ],
    [
      'environments: [{ products: [{ name: vpn, endpoints: [{ name: "https://a.example.com", skipTlsVerify: "yes" }] }] }]',
      /"skipTlsVerify" has to be true or false/,
    ],
    [
      'environments: [{ certificateAuthData: secret-text, products: [{ name: vpn }] }]',
      /"certificateAuthData" is not a certificate in PEM form/,
    ],
  ])('%j is reported in one sentence with its place', async (text, words) => {
    const path = write('.ionos/config', text)
    const reported = await problem()
    expect(reported).toMatch(words)
    expect(reported).toContain(path)
    expect(reported).not.toContain('secret-text')
    expect(reported).not.toContain('\n')
  })

  test('one that was named and is not there is a problem; one that nobody named is none', async () => {
    expect(await problem({ env: { IONOS_CONFIG_FILE: '/nowhere/x' } })).toBe(
      '/nowhere/x does not exist; IONOS_CONFIG_FILE names it',
    )
    expect((await settings()).config.type).toBe('none')
  })
})

describe('trust', () => {
  test('a pin does not go with skipTlsVerify either', async () => {
    write('.ionos/config', FILE)
    expect(await problem({ env: { IONOS_PINNED_CERT: 'ab'.repeat(32) } })).toMatch(
      /skipTlsVerify.*IONOS_PINNED_CERT/,
    )
  })

  test('IONOS_ALLOW_INSECURE is obeyed, and every run says so', async () => {
    const found = await settings({ env: { IONOS_ALLOW_INSECURE: 'true' } })
    expect(found.endpoints[0]?.tls).toEqual({ rejectUnauthorized: false })
    expect(found.warnings).toEqual([
      expect.stringMatching(/vpn\.de-fra\.ionos\.com is NOT checked \(IONOS_ALLOW_INSECURE\)/),
    ])
  })

  test('IONOS_PINNED_CERT is accepted in both forms, and not together with IONOS_ALLOW_INSECURE', async () => {
    const pin = `${'AB:'.repeat(31)}AB`
    const found = await settings({ env: { IONOS_PINNED_CERT: pin } })
    expect(found.endpoints[0]?.tls).toEqual({ pinnedFingerprint: 'ab'.repeat(32) })
    expect(await problem({ env: { IONOS_PINNED_CERT: 'x' } })).toMatch(/64 hex digits/)
    expect(await problem({ env: { IONOS_PINNED_CERT: pin, IONOS_ALLOW_INSECURE: '1' } })).toMatch(
      /contradict/,
    )
  })
})

describe('other locations, that no file names,', () => {
  const OTHERS = ['de/txl', 'us/ewr']
  const of = async (more: Partial<SettingsQuery>) => {
    const { others, unread } = await settings({ others: OTHERS, ...more })
    return {
      read: others.map(({ value }) => value),
      unread: unread.map(({ location, reason }) => `${location} ${reason}`),
    }
  }
  const withFile = (endpoints: string) => ({
    config: write(
      'config.yaml',
      `version: 1.0\nenvironments:\n  - name: prod\n    products:\n      - name: vpn\n        endpoints: [${endpoints}]\n`,
    ),
  })

  test('are read at the built-in endpoints', async () => {
    expect(await of({})).toEqual({
      read: ['https://vpn.de-txl.ionos.com', 'https://vpn.us-ewr.ionos.com'],
      unread: [],
    })
  })

  test('are read where the endpoint has {location} in it', async () => {
    const endpoint = 'https://vpn.example.com/{location}'
    expect(await of({ endpoint })).toEqual({
      read: ['https://vpn.example.com/de-txl', 'https://vpn.example.com/us-ewr'],
      unread: [],
    })
  })

  test.each([
    { endpoint: 'https://vpn.example.com' },
    { env: { IONOS_API_URL: 'https://api.example.com' } },
  ])('do not exist on one fixed endpoint: %j', async (more) => {
    expect(await of(more)).toEqual({ read: [], unread: [] })
  })

  test('do not exist where the ionosctl configuration file has one endpoint for all', async () => {
    expect(await of(withFile('{ name: https://vpn.example.com }'))).toEqual({ read: [], unread: [] })
  })

  test.each([
    '{ location: de/fra, name: https://fra.example.com }',
    '{ location: de/txl, name: https://txl.example.com }',
  ])('are not read where the ionosctl configuration file has endpoints: its credentials are for those (%s)', async (endpoint) => {
    expect(await of(withFile(endpoint))).toEqual({ read: [], unread: ['de/txl endpoint', 'us/ewr endpoint'] })
  })

  test('are not read where a certificate is pinned, or none is checked', async () => {
    expect(await of({ env: { IONOS_PINNED_CERT: 'ab'.repeat(32) } })).toEqual({
      read: [],
      unread: ['de/txl pinned', 'us/ewr pinned'],
    })
    expect(await of({ env: { IONOS_ALLOW_INSECURE: 'true' } })).toEqual({
      read: [],
      unread: ['de/txl unchecked', 'us/ewr unchecked'],
    })
  })
})
