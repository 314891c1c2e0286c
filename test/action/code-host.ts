import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startRepository } from './a-repository.ts'
import { type Forge, forgeAnswer } from './code-host-git.ts'

/** A comment, an issue or a pull request, as the API shows it. */
export interface Entry {
  readonly id: number
  readonly number: number
  body: string
  title?: string
  state?: string
  labels?: readonly string[]
  readonly user: { readonly login: string }
  readonly html_url: string
  readonly pull_request?: object
}

/** The part of GitHub's REST API that the action uses, on loopback. */
export interface CodeHost extends Omit<Forge, 'repository'> {
  readonly url: string
  /** The repository, made when it is asked for. */
  readonly repository: Forge['repository']
  /** Comments by the number of the issue or pull request that they are under. */
  readonly comments: Map<number, Entry[]>
  readonly issues: Entry[]
  /** `METHOD /path` in order of arrival. */
  readonly calls: string[]
  /** Answers the next requests of this method with these, in this order. */
  refuse(method: string, ...statuses: number[]): void
  /** Something that another user wrote. */
  written(body: string, login: string, more?: Partial<Entry>): Entry
  close(): Promise<void>
}

const TOKEN = 'throw-away-github-token'
const REPOSITORY = '/repos/example/network'
const BOT = 'github-actions[bot]'
const PAGE = 100

/** The environment in which the scripts find this code host. */
export function hostEnvironment(host: Pick<CodeHost, 'url'>): Readonly<Record<string, string>> {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: host.url,
    GITHUB_SERVER_URL: 'https://github.example.com',
    GITHUB_REPOSITORY: 'example/network',
    GITHUB_RUN_ID: '42',
    GITHUB_SHA: '1a2b3c4d5e6f',
    GITHUB_TOKEN: TOKEN,
  }
}

export async function startCodeHost(): Promise<CodeHost> {
  const comments = new Map<number, Entry[]>()
  const issues: Entry[] = []
  const calls: string[] = []
  const refusals = new Map<string, number[]>()
  let next = 1
  let repository: Forge['repository'] | undefined
  const forge: Forge = {
    get repository() {
      repository ??= startRepository()
      return repository
    },
    pulls: [],
    runs: [],
    artifacts: new Map(),
    dispatches: [],
  }
  const entry = (body: string, login: string, more: Partial<Entry> = {}): Entry => {
    const id = next++
    return { id, number: id, body, user: { login }, html_url: `https://github.example.com/${id}`, ...more }
  }
  const act = (method: string, path: string, query: URLSearchParams, sent: Partial<Entry>): unknown => {
    const under = /^\/issues\/(\d+)\/comments$/.exec(path)
    if (under !== null) {
      const thread = comments.get(Number(under[1])) ?? []
      comments.set(Number(under[1]), thread)
      if (method === 'GET') return thread
      const made = entry(sent.body ?? '', BOT)
      thread.push(made)
      return made
    }
    const comment = /^\/issues\/comments\/(\d+)$/.exec(path)
    if (comment !== null) {
      const found = [...comments.values()].flat().find(({ id }) => id === Number(comment[1]))
      return found === undefined ? undefined : Object.assign(found, sent)
    }
    if (path === '/issues' && method === 'GET') {
      const label = query.get('labels')
      return issues.filter(
        ({ state, labels }) => state !== 'closed' && (label === null || labels?.includes(label)),
      )
    }
    if (path === '/issues') {
      const made = entry(sent.body ?? '', BOT, { state: 'open', ...sent })
      issues.push(made)
      return made
    }
    const issue = /^\/issues\/(\d+)$/.exec(path)
    if (issue === null) return forgeAnswer(forge, method, path, query, { ...sent })
    const found = issues.find(({ number }) => number === Number(issue?.[1]))
    return found === undefined ? undefined : Object.assign(found, sent)
  }
  const server = createServer(async (request, response) => {
    const method = request.method ?? ''
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname.slice(REPOSITORY.length)
    calls.push(`${method} ${path}`)
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(value))
    }
    const sent = await bodyOf(request)
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, {})
    const refusal = refusals.get(method)?.shift()
    if (refusal !== undefined) return answer(refusal, {})
    const found = act(method, path, url.searchParams, sent)
    if (found === undefined) return answer(404, {})
    if (found === null) return void response.writeHead(204).end()
    if (!Array.isArray(found)) return answer(method === 'POST' ? 201 : 200, found)
    const page = Number(url.searchParams.get('page') ?? 1)
    const isLast = found.length <= page * PAGE
    answer(200, found.slice((page - 1) * PAGE, page * PAGE), isLast ? {} : { link: `<${url}>; rel="next"` })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    issues,
    calls,
    refuse: (method, ...statuses) => refusals.set(method, statuses),
    written: entry,
    get repository() {
      return forge.repository
    },
    pulls: forge.pulls,
    runs: forge.runs,
    artifacts: forge.artifacts,
    dispatches: forge.dispatches,
    close: async () => {
      repository?.close()
      await closed(server)
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Partial<Entry>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? {} : (JSON.parse(text) as Partial<Entry>)
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
