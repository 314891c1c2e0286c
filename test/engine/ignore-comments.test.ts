import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'
import type { Diagnostic } from '../../src/model/diagnostic.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
// The address of the network itself: warned of as VPN345.
const DOUBTFUL = QUICKSTART.replace('192.168.1.100/24', '192.168.1.0/24')
const LINE = 'ipv4CIDR: 192.168.1.0/24 }'

async function load(text: string, strict = false): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await loadFiles({
    files: ['-'],
    cwd: '.',
    env: {},
    readStdin: async () => Buffer.from(text),
    secrets: 'ignore',
    strict,
  })
  return diagnostics
}

async function codes(text: string): Promise<readonly string[]> {
  return (await load(text)).map(({ code }) => code)
}

describe('a comment that silences', () => {
  test('is not new while it has something to silence, next to it or below it', async () => {
    expect(await codes(DOUBTFUL)).toEqual(['VPN345'])
    expect(await codes(DOUBTFUL.replace(LINE, `${LINE} # vpnctl-ignore VPN345`))).toEqual([])
    expect(
      await codes(DOUBTFUL.replace('      - { data', '      # vpnctl-ignore VPN345\n      - { data')),
    ).toEqual([])
  })

  test('is warned of at its place once there is nothing to silence', async () => {
    const text = QUICKSTART.replace('192.168.1.100/24 }', '192.168.1.100/24 } # vpnctl-ignore VPN345')
    const [stale, ...more] = await load(text)
    expect(more).toEqual([])
    expect(stale).toMatchObject({
      severity: 'warning',
      code: 'VPN122',
      message: 'this comment silences no VPN345: there is none here',
    })
    expect(text.slice(stale?.at?.start.offset, stale?.at?.end.offset)).toBe('# vpnctl-ignore VPN345')
    expect((await load(text, true))[0]?.severity).toBe('error')
  })

  test('of several codes is warned of for each that is not found', async () => {
    const found = await load(DOUBTFUL.replace(LINE, `${LINE} # vpnctl-ignore VPN303, VPN345`))
    expect(found.map(({ message }) => message)).toEqual([
      'this comment silences no VPN303: there is none here',
    ])
  })

  test('names a code, and one that there is', async () => {
    expect(await codes(QUICKSTART.replace('version: 1', 'version: 1 # vpnctl-ignore'))).toEqual(['VPN122'])
    expect(await codes(QUICKSTART.replace('version: 1', 'version: 1 # vpnctl-ignore VPN999'))).toEqual([
      'VPN122',
    ])
  })

  test('is left alone where the fault depends on secrets or variables, or not all was looked for', async () => {
    const nextTo = (comment: string, more = ''): string =>
      QUICKSTART.replace('version: 1', `version: 1 # vpnctl-ignore ${comment}${more}`)
    expect(await codes(nextTo('VPN403'))).toEqual([])
    expect(await codes(nextTo('VPN326'))).toEqual([])
    expect(await codes(nextTo('VPN311'))).toEqual([])
    const variable = DOUBTFUL.replace(
      '192.168.1.0/24 }',
      '"192.168.1.$' + '{var.host}/24" } # vpnctl-ignore VPN345',
    )
    expect(await codes(variable.replace('stack:', 'vars: { host: 100 }\nstack:'))).toEqual([])
    expect(await codes(nextTo('VPN345').replace('location: de/fra', 'location: nowhere'))).not.toContain(
      'VPN122',
    )
  })

  test('is warned of where its code is about the form of a value, which no comment silences', async () => {
    expect(await codes(QUICKSTART.replace('version: 1', 'version: 1 # vpnctl-ignore VPN205'))).toEqual([
      'VPN122',
    ])
  })

  test('can be silenced itself, where the same file is checked alone and together with others', async () => {
    const text = QUICKSTART.replace('version: 1', 'version: 1 # vpnctl-ignore VPN345 VPN122')
    expect(await codes(text)).toEqual([])
  })
})
