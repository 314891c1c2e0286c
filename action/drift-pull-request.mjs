// Keeps one pull request with the live values written into the files: opened, brought up to date, closed without drift.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readEvent, runUrl } from './event.mjs'
import { github, output, reasonOf, warn } from './github.mjs'

const MAX_BODY = 60_000
const PARTIAL = 8

class NotAccepted extends Error {}

/** Writes what is live into the files, and gives the files that changed; the checkout is as before afterwards. */
function acceptedFiles(env) {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' })
  const changed = () =>
    git('diff', '--name-only', '-z', '--no-renames')
      .split('\0')
      .filter((path) => path !== '')
  const before = new Set(changed())
  const names = env.INPUT_FILES.split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const vpnctl = join(env.INSTALL_FOLDER, 'node_modules/vpnctl/dist/cli/bin.js')
  const files = names.map((name) => `--file=${name}`)
  const applied = env.APPLIED ? [`--applied=${env.APPLIED}`] : []
  const args = [vpnctl, 'accept', '--all-changed', '--write', ...applied, ...files]
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: env.INPUT_WORKING_DIRECTORY,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // What cannot be accepted stays drift; the rest is written.
  if (status !== 0 && status !== PARTIAL) throw error ?? new NotAccepted()
  const root = git('rev-parse', '--show-toplevel').trim()
  const paths = changed().filter((path) => !before.has(path))
  const contents = paths.map((path) => ({ path, content: readFileSync(join(root, path), 'utf8') }))
  if (paths.length > 0) execFileSync('git', ['checkout', '--quiet', '--', ...paths], { cwd: root })
  return contents
}

// One commit on top of the one that was checked out; the branch is this action's own.
async function commit(api, env, files, { branch, title, exists }) {
  const parent = await api.get(`/git/commits/${env.GITHUB_SHA}`)
  const tree = await api.post('/git/trees', {
    base_tree: parent.tree.sha,
    tree: files.map(({ path, content }) => ({ path, content, mode: '100644', type: 'blob' })),
  })
  if (exists) {
    const head = await api.get(`/git/commits/${exists.head.sha}`)
    if (head.tree.sha === tree.sha && head.parents[0]?.sha === env.GITHUB_SHA) return
  }
  const made = await api.post('/git/commits', { message: title, tree: tree.sha, parents: [env.GITHUB_SHA] })
  try {
    await api.patch(`/git/refs/heads/${branch}`, { sha: made.sha, force: true })
  } catch (error) {
    // 422 in place of 404: there is no such branch.
    if (error.status !== 404 && error.status !== 422) throw error
    await api.post('/git/refs', { ref: `refs/heads/${branch}`, sha: made.sha })
  }
}

async function keepPullRequest(env, api, markdown) {
  const first = markdown.split('\n')[0] ?? ''
  const stack = decodeURIComponent(/stack=(\S*)/.exec(first)?.[1] ?? '')
  const branch = `vpnctl/drift-${stack.replace(/[^\w.-]+/g, '-')}`
  const owner = env.GITHUB_REPOSITORY.split('/')[0]
  const open = await api.find(
    `/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`,
    (pull) => pull.head.ref === branch && pull.user?.login === env.INPUT_COMMENT_AUTHOR,
  )
  const files = env.DRIFTED === 'true' ? acceptedFiles(env) : []
  if (files.length === 0) return open === undefined ? undefined : close(env, api, open)
  const title = `Accept drift in ${stack}`
  await commit(api, env, files, { branch, title, exists: open })
  const body = bodyOf(env, markdown)
  if (open !== undefined)
    return open.body.trim() === body.trim() ? open : api.patch(`/pulls/${open.number}`, { body })
  const base = readEvent(env).repository?.default_branch ?? env.GITHUB_REF_NAME
  return api.post('/pulls', { title, head: branch, base, body })
}

function bodyOf(env, markdown) {
  const report =
    markdown.length <= MAX_BODY ? markdown : 'The report is too long; the summary of the run has it.'
  return `${report.trim()}

This pull request writes the live values into the files. Merge it to accept them; close it and start the apply to undo them.

<sub>[run](${runUrl(env)})</sub>
`
}

async function close(env, api, open) {
  await api.post(`/issues/${open.number}/comments`, {
    body: `There is no drift to accept any more: ${runUrl(env)}`,
  })
  return api.patch(`/pulls/${open.number}`, { state: 'closed' })
}

async function main(env) {
  // Whether there is drift is not known.
  if (env.DRIFTED !== 'true' && env.DRIFTED !== 'false') return
  if (!env.GITHUB_TOKEN) return warn('there is no token, so no pull request was opened')
  if (!env.MARKDOWN_FILE || !existsSync(env.MARKDOWN_FILE)) return
  try {
    const pull = await keepPullRequest(env, github(env), readFileSync(env.MARKDOWN_FILE, 'utf8'))
    if (pull !== undefined) output(env, 'url', pull.html_url)
  } catch (error) {
    // A program that failed has the arguments that it was started with.
    const why =
      error.spawnargs || error instanceof NotAccepted
        ? 'vpnctl accept or git failed; the log shows why'
        : reasonOf(error)
    warn(`no pull request was opened: ${why}`)
  }
}

await main(process.env)
