// Keeps one comment of a pull request in Azure Repos up to date: found by its first line, replaced in place, written when missing.
// azure/vpn-comment.mjs in the repository. node azure/vpn-comment.mjs plan.md, in a run of a pull request, with SYSTEM_ACCESSTOKEN set.
// After a step that failed, it replaces the plan of an earlier commit.
import { existsSync, readFileSync } from 'node:fs'

const { env } = process
const PULL_REQUEST = env.SYSTEM_PULLREQUEST_PULLREQUESTID
const COLLECTION = (env.SYSTEM_COLLECTIONURI ?? '').replace(/\/$/, '')
const THREADS = `/${env.SYSTEM_TEAMPROJECTID}/_apis/git/repositories/${env.BUILD_REPOSITORY_ID}/pullRequests/${PULL_REQUEST}/threads`
// A comment of Markdown that is not shown; `-` and `"` would end it.
const FIRST = `[//]: # "vpnctl:comment files=${encodeURIComponent(env.VPN_FILES ?? '').replaceAll('-', '%2D')}"`
// Azure accepts 150,000 characters.
const MAX = 140_000

async function call(method, path, body) {
  const answer = await fetch(`${COLLECTION}${path}?api-version=7.1`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${env.SYSTEM_ACCESSTOKEN}` },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  // Without the right to comment, some servers answer with a page to sign in.
  const isJson = (answer.headers.get('content-type') ?? '').includes('json')
  if (!answer.ok || !isJson) throw new Error(`Azure DevOps answered ${answer.status} to ${method} ${path}`)
  return answer.json()
}

async function ownComment() {
  const { authenticatedUser } = await call('GET', '/_apis/connectionData')
  const { value: threads } = await call('GET', THREADS)
  for (const { id, isDeleted, comments } of threads) {
    const [comment] = comments
    // Others may write the same first line; what they wrote stays theirs.
    const isOwn = comment?.author?.id === authenticatedUser.id && comment.content?.split('\n')[0] === FIRST
    if (isOwn && !isDeleted)
      return { path: `${THREADS}/${id}/comments/${comment.id}`, content: comment.content }
  }
  return undefined
}

function contentOf(file) {
  const commit = (env.SYSTEM_PULLREQUEST_SOURCECOMMITID || env.BUILD_SOURCEVERSION || '').slice(0, 8)
  const run = `${COLLECTION}/${env.SYSTEM_TEAMPROJECTID}/_build/results?buildId=${env.BUILD_BUILDID}`
  const plan = file && existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const failed = `### vpnctl: plan failed at ${commit}\n\nThe run has the reason. A plan of an earlier commit is no longer valid.`
  const parts = [
    ...(env.AGENT_JOBSTATUS === 'Failed' ? [failed] : []),
    plan.length <= MAX ? plan : 'The plan is too long for a comment. It is in the summary of the run.',
    `${commit} · [run](${run})`,
  ]
  return `${FIRST}\n\n${parts.filter((part) => part !== '').join('\n\n')}`
}

if (!PULL_REQUEST || env.BUILD_REPOSITORY_PROVIDER !== 'TfsGit') {
  process.stdout.write('No pull request of Azure Repos: no comment is written\n')
} else if (!env.SYSTEM_ACCESSTOKEN) {
  process.stdout.write('SYSTEM_ACCESSTOKEN is not set: no comment is written\n')
} else {
  const content = contentOf(process.argv[2])
  const found = await ownComment()
  if (found === undefined) {
    const comment = { parentCommentId: 0, commentType: 'text', content }
    // Closed, so that it does not count as a remark to resolve.
    await call('POST', THREADS, { comments: [comment], status: 'closed' })
  } else if (found.content.trim() !== content.trim()) await call('PATCH', found.path, { content })
}
