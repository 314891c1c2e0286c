// Keeps one note of a merge request up to date: found by its first line, replaced in place, written when missing.
// .gitlab/vpn-note.mjs in the repository. node .gitlab/vpn-note.mjs plan.md, in a job of a merge request, with VPN_NOTE_TOKEN set.
import { readFileSync } from 'node:fs'

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, VPN_NOTE_TOKEN } = process.env
const notes = `/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`

async function call(method, path, body) {
  const answer = await fetch(`${CI_API_V4_URL}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'private-token': VPN_NOTE_TOKEN },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify({ body }) }),
  })
  if (!answer.ok) throw new Error(`GitLab answered ${answer.status} to ${method} ${path.replace(/\?.*/, '')}`)
  return answer
}

async function ownNote(first) {
  const { id } = await (await call('GET', '/user')).json()
  for (let page = '1'; page !== ''; ) {
    const answer = await call('GET', `${notes}?per_page=100&page=${page}`)
    const list = await answer.json()
    // Others may write the same first line; what they wrote stays theirs.
    const found = list.find(({ author, body }) => author.id === id && body.split('\n')[0] === first)
    if (found !== undefined) return found
    page = answer.headers.get('x-next-page') ?? ''
  }
  return undefined
}

if (!VPN_NOTE_TOKEN) {
  process.stdout.write('VPN_NOTE_TOKEN is not set: no note is written\n')
} else {
  const body = readFileSync(process.argv[2], 'utf8')
  const found = await ownNote(body.split('\n')[0])
  if (found === undefined) await call('POST', notes, body)
  else if (found.body.trim() !== body.trim()) await call('PUT', `${notes}/${found.id}`, body)
}
