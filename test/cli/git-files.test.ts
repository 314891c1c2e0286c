import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesAtRef } from '../../src/cli/files/git-files.ts'

test('a git that never ends is ended with the run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-git-'))
  try {
    const script = '#!/bin/sh\nexec sleep 600\n'
    writeFileSync(join(folder, 'git'), script, { mode: 0o755 })
    const ending = new AbortController()
    const env = { PATH: `${folder}:${process.env.PATH}` }
    const reading = filesAtRef({ cwd: folder, env }, 'main', ['vpn.yaml'], ending.signal)
    const ended = expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    setTimeout(() => ending.abort(), 50)
    await ended
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
