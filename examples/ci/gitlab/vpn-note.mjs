// Keeps one note of a merge request up to date: found by its first line, replaced in place, written when missing.
// .gitlab/vpn-note.mjs in the repository. node .gitlab/vpn-note.mjs plan.md, in a job of a merge request, with VPN_NOTE_TOKEN set.
// In the after_script of a job that failed, it replaces the plan of an earlier commit.
import { existsSync, readFileSync } from 'node:fs'

const { CI_API_V4_URL, CI_JOB_STATUS, CI_JOB_URL, CI_MERGE_REQUEST_IID, CI_PROJECT_ID, VPN_NOTE_TOKEN } =
  process.env
const notes = `/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`
// `-` twice would end the HTML comment.
const FIRST = `<!-- vpnctl:note files=${encodeURIComponent(process.env.VPN_FILES ?? '').replaceAll('-', '%2D')} -->`

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

async function ownNote() {
  const { id } = await (await call('GET', '/user')).json()
  for (let page = '1'; page !== ''; ) {
    const answer = await call('GET', `${notes}?per_page=100&page=${page}`)
    const list = await answer.json()
    // Others may write the same first line; what they wrote stays theirs.
    const found = list.find(({ author, body }) => author.id === id && body.split('\n')[0] === FIRST)
    if (found !== undefined) return found
    page = answer.headers.get('x-next-page') ?? ''
  }
  return undefined
}

function noteBody(file) {
  // In a pipeline of merged results, CI_COMMIT_SHA is a commit that no reviewer knows.
  const sha = process.env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || process.env.CI_COMMIT_SHA || ''
  const commit = sha.slice(0, 8)
  const plan = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const failed = `### vpnctl: plan failed at ${commit}\n\nThe job has the reason. A plan of an earlier commit is no longer valid.`
  const parts = [
    ...(CI_JOB_STATUS === 'failed' ? [failed] : []),
    plan,
    `<sub>${commit} · [job](${CI_JOB_URL})</sub>`,
  ]
  return `${FIRST}\n${parts.filter((part) => part !== '').join('\n\n')}`
}

if (!VPN_NOTE_TOKEN) {
  process.stdout.write('VPN_NOTE_TOKEN is not set: no note is written\n')
} else {
  const body = noteBody(process.argv[2])
  const found = await ownNote()
  if (found === undefined) await call('POST', notes, body)
  else if (found.body.trim() !== body.trim()) await call('PUT', `${notes}/${found.id}`, body)
}
