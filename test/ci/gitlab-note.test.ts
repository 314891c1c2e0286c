import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type GitLabHost, NOTE_TOKEN, type Note, OWN_USER, startGitLab } from './gitlab-host.ts'

const FIRST = '<!-- vpnctl:note files=vpn%2F -->'
const LAST = '<sub>feedc0de · [job](https://gitlab.example.com/job/1)</sub>'
const NOTES = '/projects/3/merge_requests/5/notes'
const SOMEONE = 12

let host: GitLabHost
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-note-'))
  host = await startGitLab()
})
afterEach(() => {
  host.close()
  rmSync(folder, { recursive: true })
})

const notes = (): readonly Note[] => host.notes.get('5') ?? []

function note(
  text: string | undefined,
  token = NOTE_TOKEN,
  status = 'running',
): Promise<{ code: number | null; log: string }> {
  const file = join(folder, 'plan.md')
  rmSync(file, { force: true })
  if (text !== undefined) writeFileSync(file, text)
  const child = spawn(process.execPath, ['examples/ci/gitlab/vpn-note.mjs', file], {
    env: {
      CI_API_V4_URL: host.url,
      CI_PROJECT_ID: '3',
      CI_MERGE_REQUEST_IID: '5',
      CI_COMMIT_SHA: 'feedc0de12345678',
      CI_JOB_STATUS: status,
      CI_JOB_URL: 'https://gitlab.example.com/job/1',
      VPN_FILES: 'vpn/',
      VPN_NOTE_TOKEN: token,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, log })))
}

test('a note is written once, then replaced, and left alone when it is right', async () => {
  await note('one')
  await note('one')
  expect(host.writes).toEqual([`POST ${NOTES}`])
  await note('two')
  expect(host.writes).toEqual([`POST ${NOTES}`, `PUT ${NOTES}/1`])
  expect(notes().map(({ body }) => body)).toEqual([`${FIRST}\ntwo\n\n${LAST}`])
})

test('it is found on a later page, and the one that someone forged is not taken for it', async () => {
  const remarks = Array.from({ length: 150 }, (_, n) => ({
    id: n + 1,
    body: n === 0 ? `${FIRST}\nforged` : 'a remark',
    author: { id: SOMEONE },
  }))
  host.notes.set('5', [...remarks, { id: 151, body: `${FIRST}\nold`, author: { id: OWN_USER } }])
  await note('new')
  expect(host.writes).toEqual([`PUT ${NOTES}/151`])
  expect(notes()[0]?.body).toBe(`${FIRST}\nforged`)
})

test('without a token nothing is written, and a wrong one is reported without being shown', async () => {
  expect(await note(FIRST, '')).toEqual({
    code: 0,
    log: 'VPN_NOTE_TOKEN is not set: no note is written\n',
  })
  const { code, log } = await note(FIRST, 'wrong-token')
  expect(code).toBe(1)
  expect(log).toContain('GitLab answered 401')
  expect(log).not.toContain('wrong-token')
})

test('a plan that fails replaces the plan of an earlier commit, and names its own', async () => {
  await note('the old plan')
  await note(undefined, NOTE_TOKEN, 'failed')
  expect(host.writes).toEqual([`POST ${NOTES}`, `PUT ${NOTES}/1`])
  expect(notes()[0]?.body).toContain('### vpnctl: plan failed at feedc0de')
  expect(notes()[0]?.body).not.toContain('the old plan')
  expect(notes()[0]?.body).toContain(LAST)
  // A refused plan says why.
  await note('Refused: VPN501', NOTE_TOKEN, 'failed')
  expect(notes()[0]?.body).toMatch(/plan failed at feedc0de[\s\S]*Refused: VPN501/)
  await note('the new plan')
  expect(notes()[0]?.body).not.toContain('failed')
  expect(notes()).toHaveLength(1)
})
