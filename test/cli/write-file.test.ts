import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { writeWholeFile } from '../../src/cli/files/write-file.ts'
import type { Io } from '../../src/cli/io.ts'

const made: string[] = []
const context = { io: { cwd: '/', clock: monotonicClock } as Io, ending: new AbortController().signal }

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(parent = '/tmp'): string {
  const folder = mkdtempSync(join(parent, 'vpnctl-'))
  made.push(folder)
  return folder
}

/** An old file in a folder under `parent`, and what became of it. */
async function rewrite(parent: string): Promise<{ readonly text: string; readonly isSameFile: boolean }> {
  const path = join(newFolder(parent), 'log')
  writeFileSync(path, 'a long text that was there before')
  const before = statSync(path).ino
  await writeWholeFile(context, path, 'new')
  return { text: readFileSync(path, 'utf8'), isSameFile: statSync(path).ino === before }
}

test('a file is replaced, so that no reader sees half of it', async () => {
  expect(await rewrite('/tmp')).toEqual({ text: 'new', isSameFile: false })
})

// `/dev/termination-log` of Kubernetes is a file that is mounted by itself.
test('what is under /dev is written in place', async () => {
  expect(await rewrite('/dev/shm')).toEqual({ text: 'new', isSameFile: true })
})

describe('an existing file that is replaced', () => {
  test('keeps its owner, its group and its mode', async () => {
    const path = join(newFolder(), 'vpn.yaml')
    writeFileSync(path, 'old')
    chmodSync(path, 0o666)
    // Only root can give a file away; everyone else keeps what is their own.
    if (process.getuid?.() === 0) chownSync(path, 12_345, 12_346)
    const before = statSync(path)
    await writeWholeFile(context, path, 'new')
    const after = statSync(path)
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect([after.uid, after.gid, after.mode]).toEqual([before.uid, before.gid, before.mode])
  })

  test('is the owner’s alone where it holds a secret', async () => {
    const path = join(newFolder(), 'key')
    writeFileSync(path, 'old', { mode: 0o644 })
    await writeWholeFile(context, path, 'new', { access: 'owner-only' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('stays a link where it was one', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'real.yaml'), 'old')
    symlinkSync('real.yaml', join(folder, 'vpn.yaml'))
    await writeWholeFile({ ...context, io: { ...context.io, cwd: folder } }, 'vpn.yaml', 'new')
    expect(lstatSync(join(folder, 'vpn.yaml')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(folder, 'real.yaml'), 'utf8')).toBe('new')
  })
})

describe('a file that must not be replaced', () => {
  test.each(['as-before', 'owner-only'] as const)('is left as it is (%s)', async (access) => {
    const path = join(newFolder(), 'key')
    writeFileSync(path, 'old')
    await expect(writeWholeFile(context, path, 'new', { existing: 'refuse', access })).rejects.toMatchObject({
      exit: 'refused',
      message: expect.stringContaining('already exists'),
    })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(dirname(path))).toEqual(['key'])
  })

  test('is made where it does not exist, and no draft is left', async () => {
    const path = join(newFolder(), 'key')
    await writeWholeFile(context, path, 'new', { existing: 'refuse', access: 'owner-only' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(path))).toEqual(['key'])
  })
})
