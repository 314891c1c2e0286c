import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const NOTE_TOKEN = 'throw-away-note-token'
export const OWN_USER = 11

/** A note of a merge request. */
export interface Note {
  readonly id: number
  body: string
  readonly author: { readonly id: number }
}

/** The part of GitLab's REST API that the scripts of the template use, on loopback. */
export interface GitLabHost {
  readonly url: string
  /** Notes by the number of their merge request; a test may fill them. */
  readonly notes: Map<string, Note[]>
  /** Commits that were deployed, the last one first. */
  readonly deployments: string[]
  /** `METHOD /path` of every write. */
  readonly writes: string[]
  close(): void
}

export async function startGitLab(): Promise<GitLabHost> {
  const notes = new Map<string, Note[]>()
  const writes: string[] = []
  const deployments: string[] = []
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const answer = (status: number, value: unknown, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(value))
    }
    if (request.headers['private-token'] !== NOTE_TOKEN) return answer(401, {})
    if (pathname === '/user') return answer(200, { id: OWN_USER })
    if (pathname === '/projects/3/deployments') {
      const [sha] = searchParams.get('environment') === 'vpn-production' ? deployments : []
      return answer(200, sha === undefined ? [] : [{ sha }])
    }
    const [, iid = '', id] = /^\/projects\/3\/merge_requests\/(\d+)\/notes(?:\/(\d+))?$/.exec(pathname) ?? []
    const list = notes.get(iid) ?? []
    notes.set(iid, list)
    if (request.method === 'GET') {
      const page = Number(searchParams.get('page'))
      const more = list.length > page * 100 ? String(page + 1) : ''
      return answer(200, list.slice((page - 1) * 100, page * 100), { 'x-next-page': more })
    }
    const { body } = JSON.parse(text) as { body: string }
    writes.push(`${request.method} ${pathname}`)
    const found = list.find((note) => note.id === Number(id))
    if (found !== undefined) found.body = body
    else list.push({ id: list.length + 1, body, author: { id: OWN_USER } })
    answer(200, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    notes,
    deployments,
    writes,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
