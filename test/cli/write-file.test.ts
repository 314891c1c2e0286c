import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { writeWholeFile } from '../../src/cli/files/write-file.ts'

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** An old file in a folder under `parent`, and what became of it. */
async function rewrite(parent: string): Promise<{ readonly text: string; readonly isSameFile: boolean }> {
  const folder = mkdtempSync(join(parent, 'vpnctl-'))
  made.push(folder)
  const path = join(folder, 'log')
  writeFileSync(path, 'a long text that was there before')
  const before = statSync(path).ino
  await writeWholeFile('/', path, 'new')
  return { text: readFileSync(path, 'utf8'), isSameFile: statSync(path).ino === before }
}

test('a file is replaced, so that no reader sees half of it', async () => {
  expect(await rewrite('/tmp')).toEqual({ text: 'new', isSameFile: false })
})

// `/dev/termination-log` of Kubernetes is a file that is mounted by itself.
test('what is under /dev is written in place', async () => {
  expect(await rewrite('/dev/shm')).toEqual({ text: 'new', isSameFile: true })
})
