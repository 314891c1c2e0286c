// Reports to the merged pull requests what became of them: waits for approval, applied, failed.
import { existsSync, readFileSync } from 'node:fs'
import { codeBlock } from './code-block.mjs'
import { runUrl } from './event.mjs'
import { github, reasonOf, warn } from './github.mjs'
import { keepComment, marker } from './keep-comment.mjs'
import { ENDS } from './summary.mjs'

const MAX_LINE = 2000

/** The headline, and what to do next. */
export function outcomeOf({ command, code, changes, again }) {
  const [what, next] = ENDS[code] ?? [`ended with exit code ${code}`, 'read the log of the run.']
  if (command === 'apply') {
    if (code === 7 && again) {
      return ['changed nothing: live changed since the plan', 'approve the new plan; a new run has made it.']
    }
    return [code === 0 ? 'succeeded' : what, next]
  }
  if (code !== 0) return [`did not start: the plan ${what}`, next]
  return changes
    ? ['waits for its approval', 'the summary of the run has the plan; approve it or reject it there.']
    : ['is not needed: live is as the files say', '']
}

function outcomeBody(env) {
  const code = Number(env.EXIT_CODE)
  const [what, next] = outcomeOf({
    command: env.INPUT_COMMAND,
    code,
    changes: env.CHANGES === 'true',
    again: env.AGAIN === 'true',
  })
  const verdict = env.INPUT_COMMAND === 'apply' ? lastLine(env.OUT_FILE) : ''
  return [
    marker(env, 'apply'),
    `### vpnctl apply ${what}${code === 0 ? '' : ` (exit ${code})`}`,
    ...(verdict === '' ? [] : [`\n${codeBlock(verdict)}`]),
    ...(next === '' ? [] : [`\n**Next step:** ${next}`]),
    `\n<sub>${(env.GITHUB_SHA ?? '').slice(0, 7)} · [run](${runUrl(env)})</sub>\n`,
  ].join('\n')
}

function lastLine(file) {
  const text = file && existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  return text.slice(text.lastIndexOf('\n') + 1).slice(0, MAX_LINE)
}

async function main(env) {
  const body = outcomeBody(env)
  const api = github(env)
  for (const pullRequest of (env.PULL_REQUESTS ?? '').split(/\s+/).filter((each) => /^\d+$/.test(each))) {
    try {
      await keepComment(api, {
        pullRequest,
        first: marker(env, 'apply'),
        body,
        author: env.INPUT_COMMENT_AUTHOR,
      })
    } catch (error) {
      warn(`pull request ${pullRequest} was not informed: ${reasonOf(error)}`)
    }
  }
}

await main(process.env)
