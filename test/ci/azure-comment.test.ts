import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'

const TOKEN = 'throw-away-azure-token'
const THREADS = '/3/_apis/git/repositories/7/pullRequests/5/threads'
const FIRST = '[//]: # "vpnctl:comment files=vpn%2F"'
const OURS = { id: 'ours' }

interface Thread {
  readonly id: number
  readonly isDeleted?: boolean
  readonly comments: { readonly id: number; content: string; readonly author: { readonly id: string } }[]
}

let threads: Thread[]
let writes: string[]
let url: string
let folder: string
let close: () => void

beforeEach(async () => {
  threads = []
  writes = []
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-azure-'))
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify(value))
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      response.writeHead(203, { 'content-type': 'text/html' })
      return void response.end('<html>Sign in</html>')
    }
    expect(searchParams.get('api-version')).toBe('7.1')
    if (pathname === '/_apis/connectionData') return answer(200, { authenticatedUser: OURS })
    if (request.method === 'GET') return answer(200, { value: threads, count: threads.length })
    writes.push(`${request.method} ${pathname}`)
    const sent = JSON.parse(text) as { content: string; comments?: { content: string }[] }
    const found = threads.find(({ id }) => pathname === `${THREADS}/${id}/comments/1`)
    const [comment] = found?.comments ?? []
    if (comment !== undefined) comment.content = sent.content
    else {
      const content = sent.comments?.[0]?.content ?? ''
      threads.push({ id: threads.length + 1, comments: [{ id: 1, content, author: OURS }] })
    }
    answer(200, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => {
    server.closeAllConnections()
    server.close()
  }
})
afterEach(() => {
  close()
  rmSync(folder, { recursive: true })
})

function comment(
  text: string | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; log: string }> {
  const file = join(folder, 'plan.md')
  rmSync(file, { force: true })
  if (text !== undefined) writeFileSync(file, text)
  const child = spawn(process.execPath, ['examples/ci/azure/vpn-comment.mjs', file], {
    env: {
      AGENT_JOBSTATUS: 'Succeeded',
      BUILD_BUILDID: '42',
      BUILD_REPOSITORY_ID: '7',
      BUILD_REPOSITORY_PROVIDER: 'TfsGit',
      SYSTEM_ACCESSTOKEN: TOKEN,
      SYSTEM_COLLECTIONURI: `${url}/`,
      SYSTEM_PULLREQUEST_PULLREQUESTID: '5',
      SYSTEM_PULLREQUEST_SOURCECOMMITID: 'feedc0de12345678',
      SYSTEM_TEAMPROJECTID: '3',
      VPN_FILES: 'vpn/',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, log })))
}

const contents = (): readonly string[] =>
  threads.flatMap(({ comments }) => comments.map(({ content }) => content))

test('a comment is written once, then replaced, and left alone when it is right', async () => {
  expect(await comment('one')).toEqual({ code: 0, log: '' })
  await comment('one')
  expect(writes).toEqual([`POST ${THREADS}`])
  await comment('two')
  expect(writes).toEqual([`POST ${THREADS}`, `PATCH ${THREADS}/1/comments/1`])
  expect(contents()).toEqual([`${FIRST}\n\ntwo\n\nfeedc0de · [run](${url}/3/_build/results?buildId=42)`])
})

test('one that someone else wrote with the same first line stays as it is', async () => {
  threads = [{ id: 1, comments: [{ id: 1, content: `${FIRST}\nforged`, author: { id: 'someone' } }] }]
  await comment('ours')
  expect(writes).toEqual([`POST ${THREADS}`])
  expect(contents()[0]).toBe(`${FIRST}\nforged`)
})

test('a plan that fails replaces the plan of an earlier commit, and names its own', async () => {
  await comment('the old plan')
  await comment(undefined, { AGENT_JOBSTATUS: 'Failed' })
  expect(contents()).toHaveLength(1)
  expect(contents()[0]).toContain('### vpnctl: plan failed at feedc0de')
  expect(contents()[0]).not.toContain('the old plan')
})

test('a plan that is too long is in the summary', async () => {
  await comment('x'.repeat(200_000))
  expect(contents()[0]).toContain('too long for a comment')
})

test.each([
  [{ SYSTEM_ACCESSTOKEN: '' }, 'SYSTEM_ACCESSTOKEN is not set'],
  [{ BUILD_REPOSITORY_PROVIDER: 'GitHub' }, 'No pull request of Azure Repos'],
  [{ SYSTEM_PULLREQUEST_PULLREQUESTID: '' }, 'No pull request of Azure Repos'],
])('without what it needs nothing is written: %j', async (env, message) => {
  const { code, log } = await comment('plan', env)
  expect(code).toBe(0)
  expect(log).toContain(message)
  expect(writes).toEqual([])
})

test('a wrong token is reported without being shown', async () => {
  const { code, log } = await comment('plan', { SYSTEM_ACCESSTOKEN: 'wrong-token' })
  expect(code).toBe(1)
  expect(log).toContain('Azure DevOps answered 203')
  expect(log).not.toContain('wrong-token')
})

test('the pipeline comments after a failure too, and in pull requests only', () => {
  const pipeline = parse(readFileSync('examples/ci/azure/azure-pipelines.yml', 'utf8')) as {
    stages: { jobs: { steps: { displayName?: string; condition?: string }[] }[] }[]
  }
  const step = pipeline.stages[0]?.jobs[0]?.steps.find(({ displayName }) => displayName === 'Comment')
  expect(step?.condition).toBe("and(succeededOrFailed(), eq(variables['Build.Reason'], 'PullRequest'))")
})
