// Keeps the comment with the plan of a pull request up to date.
import { existsSync, readFileSync } from 'node:fs'
import { codeBlock } from './code-block.mjs'
import { runUrl } from './event.mjs'
import { github, output, reasonOf, warn } from './github.mjs'
import { keepComment, marker } from './keep-comment.mjs'

// GitHub takes 65,536 characters; the rest is for the frame.
const MAX = 65_000
const MAX_LOG = 20_000

function commentBody(env) {
  const markdown = read(env.MARKDOWN_FILE).trim()
  const text = markdown === '' ? failure(env, read(env.LOG_FILE)) : fitting(markdown)
  const commit = env.HEAD_SHA || env.GITHUB_SHA || ''
  const where = env.GITHUB_EVENT_NAME === 'merge_group' ? ' · merge queue' : ''
  return `${marker(env)}\n${text}\n\n<sub>${commit.slice(0, 7)}${where} · [run](${runUrl(env)})</sub>\n`
}

function read(file) {
  return file && existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function fitting(markdown) {
  if (markdown.length <= MAX) return markdown
  const head = markdown.split('\n\n')[0].slice(0, 2000)
  return `${head}\n\nThe plan is too long for a comment. It is in the summary of the run.`
}

function failure({ INPUT_COMMAND: command, EXIT_CODE: code }, log) {
  const text = log.trim()
  const end = text.length <= MAX_LOG ? text : `${text.slice(0, MAX_LOG)}\n… the log of the run has the rest`
  return `### vpnctl ${command} failed (exit ${code})

${codeBlock(end)}`
}

async function main(env) {
  if (!env.GITHUB_TOKEN) return warn('there is no token, so the plan is in the summary of the run only')
  try {
    const url = await keepComment(github(env), {
      pullRequest: env.PULL_REQUEST,
      first: marker(env),
      body: commentBody(env),
      author: env.INPUT_COMMENT_AUTHOR,
      isQuiet: env.INPUT_COMMENT === 'changes' && env.EXIT_CODE === '0' && env.CHANGES === 'false',
    })
    if (url !== undefined) output(env, 'url', url)
  } catch (error) {
    warn(`the comment was not written: ${reasonOf(error)}. The plan is in the summary of the run.`)
  }
}

await main(process.env)
