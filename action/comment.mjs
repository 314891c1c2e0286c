// Keeps one comment of a pull request up to date: found by its first line, replaced in place, written when missing.
import { existsSync, readFileSync } from 'node:fs'
import { codeBlock } from './code-block.mjs'
import { github, output, reasonOf, warn } from './github.mjs'

// GitHub takes 65,536 characters; the rest is for the frame.
const MOST = 65_000
const MOST_LOG = 20_000

/** The first line, which no one sees. */
export function marker(env) {
  const files = (env.INPUT_FILES ?? '').split(/\s*\n\s*/).filter((file) => file !== '')
  const key = env.INPUT_COMMENT_KEY || [env.INPUT_WORKING_DIRECTORY, ...files].join(' ')
  // `-` twice would end the HTML comment.
  return `<!-- vpnctl:action key=${encodeURIComponent(key).replaceAll('-', '%2D')} -->`
}

/** The comment for this run. */
export function commentBody(
  env,
  read = (file) => (file && existsSync(file) ? readFileSync(file, 'utf8') : ''),
) {
  const markdown = read(env.MARKDOWN_FILE).trim()
  const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
  const text = markdown === '' ? failure(env.EXIT_CODE, read(env.LOG_FILE)) : fitting(markdown)
  const commit = env.HEAD_SHA || env.GITHUB_SHA || ''
  return `${marker(env)}\n${text}\n\n<sub>${commit.slice(0, 7)} · [run](${run})</sub>\n`
}

function fitting(markdown) {
  if (markdown.length <= MOST) return markdown
  const head = markdown.split('\n\n')[0].slice(0, 2000)
  return `${head}\n\nThe plan is too long for a comment. It is in the summary of the run.`
}

function failure(code, log) {
  const text = log.trim()
  const end = text.length <= MOST_LOG ? text : `${text.slice(0, MOST_LOG)}\n… the log of the run shows more`
  return `### vpnctl plan failed (exit ${code})

${codeBlock(end)}`
}

/** Writes it; the address of the comment, undefined when none is wanted. */
export async function keepComment(env, api = github(env)) {
  const first = marker(env)
  const body = commentBody(env)
  const comments = `/issues/${Number(env.PULL_REQUEST)}/comments`
  // Others may write the same first line; what they wrote stays theirs.
  const mine = await api.find(
    comments,
    (comment) => comment.body?.startsWith(first) && comment.user?.login === env.INPUT_COMMENT_AUTHOR,
  )
  if (mine !== undefined) {
    if (mine.body.trim() === body.trim()) return mine.html_url
    return (await api.patch(`/issues/comments/${mine.id}`, { body })).html_url
  }
  const isQuiet = env.INPUT_COMMENT === 'changes' && env.EXIT_CODE === '0' && env.CHANGES === 'false'
  return isQuiet ? undefined : (await api.post(comments, { body })).html_url
}

async function main(env) {
  if (!env.GITHUB_TOKEN) return warn('there is no token, so the plan is in the summary of the run only')
  try {
    const url = await keepComment(env)
    if (url !== undefined) output(env, 'url', url)
  } catch (error) {
    warn(`the comment was not written: ${reasonOf(error)}. The plan is in the summary of the run.`)
  }
}

await main(process.env)
