// Keeps one issue that shows the drift: opened, brought up to date, closed when there is none any more.
import { existsSync, readFileSync } from 'node:fs'
import { github, output, reasonOf, warn } from './github.mjs'

async function keepIssue(env, body, api) {
  const [first = '', headline = ''] = body.split('\n')
  const stack = decodeURIComponent(/stack=(\S*)/.exec(first)?.[1] ?? '')
  const label = env.INPUT_ISSUE_LABEL
  // Pull requests are in the list too; what others wrote stays theirs.
  const open = await api.find(
    `/issues?state=open&labels=${encodeURIComponent(label)}`,
    (issue) =>
      issue.pull_request === undefined &&
      issue.user?.login === env.INPUT_COMMENT_AUTHOR &&
      issue.body?.startsWith(first),
  )
  if (env.DRIFTED !== 'true') {
    if (open === undefined) return undefined
    await api.post(`/issues/${open.number}/comments`, { body: `There is no drift any more: ${runUrl(env)}` })
    return api.patch(`/issues/${open.number}`, { state: 'closed', state_reason: 'completed' })
  }
  if (open === undefined)
    return api.post('/issues', { title: `vpnctl: drift in ${stack}`, body, labels: [label] })
  if (open.body.trim() === body.trim()) return open
  // A changed text alone notifies no one.
  await api.post(`/issues/${open.number}/comments`, {
    body: `The drift is another one now: ${headline.replace(/^#+ /, '')} (${runUrl(env)})`,
  })
  return api.patch(`/issues/${open.number}`, { body })
}

function runUrl(env) {
  return `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
}

async function main(env) {
  // Whether there is drift is not known.
  if (env.DRIFTED !== 'true' && env.DRIFTED !== 'false') return
  if (!env.GITHUB_TOKEN) return warn('there is no token, so no issue was written')
  if (!env.MARKDOWN_FILE || !existsSync(env.MARKDOWN_FILE)) return
  try {
    const issue = await keepIssue(env, readFileSync(env.MARKDOWN_FILE, 'utf8'), github(env))
    if (issue !== undefined) output(env, 'url', issue.html_url)
  } catch (error) {
    warn(`the issue was not written: ${reasonOf(error)}`)
  }
}

await main(process.env)
