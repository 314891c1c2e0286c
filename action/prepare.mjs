// Finds what a plan is compared with: the base, what was applied last, and what was reviewed. Runs before vpnctl.
import { appendFileSync } from 'node:fs'
import { ownWorkflow, readEvent } from './event.mjs'
import { github, output, reasonOf, warn } from './github.mjs'
import { appliedCommit, commitsSince, followedRun, mergedPullRequests, reviewedRun } from './history.mjs'

const OLDER = 6

/** The base of `auto`, as `--base` takes it, and the pull request that the plan is of. */
export function fromEvent(event) {
  const { pull_request: pull, merge_group: group, repository } = event
  if (pull) {
    return {
      base: `git:origin/${pull.base.ref}`,
      branch: pull.base.ref,
      pullRequest: pull.number,
      head: pull.head.sha,
    }
  }
  if (group) {
    const branch = group.base_ref.replace('refs/heads/', '')
    // gh-readonly-queue/main/pr-7-1a2b3c
    const pullRequest = Number(/\/pr-(\d+)-[0-9a-f]+$/.exec(group.head_ref)?.[1])
    return { base: `git:${group.base_sha}`, branch, pullRequest: pullRequest || '', head: group.head_sha }
  }
  const branch = repository?.default_branch ?? 'main'
  return { base: `git:origin/${branch}`, branch, pullRequest: '', head: '' }
}

// Of a pull request, or of a commit in the merge queue.
async function forReview(env, api, event) {
  const { base, branch, pullRequest, head } = fromEvent(event)
  output(env, 'pull-request', pullRequest)
  output(env, 'head', head)
  const isDrift = env.INPUT_COMMAND === 'drift'
  if (env.INPUT_BASE !== 'auto') {
    // Drift has one base: what was applied last.
    if (isDrift && env.INPUT_BASE) output(env, 'applied', env.INPUT_BASE)
    return
  }
  output(env, 'base', base)
  // Two versions of the files are compared: what was applied does not matter.
  if (env.INPUT_COMMAND === 'diff') return
  const applied = await appliedCommit(api, env.INPUT_APPLY_WORKFLOW, branch)
  if (applied !== undefined) output(env, 'applied', `git:${applied}`)
}

// Of what was merged: everything since the commit that was applied last.
async function forApply(env, api, event) {
  const branch = env.GITHUB_REF_NAME
  const workflow = ownWorkflow(env)
  const applied = await appliedCommit(api, workflow, branch)
  const { relation, commits } = await commitsSince(api, applied, env.GITHUB_SHA)
  if (relation === 'behind') return refuseOlder(env, applied)
  const pulls = await mergedPullRequests(api, commits, branch)
  const about = { artifact: env.INPUT_ARTIFACT, repository: env.GITHUB_REPOSITORY, branch }
  const run =
    (await followedRun(api, event.inputs?.after ?? '', { ...about, workflow })) ??
    (pulls.length === 0
      ? undefined
      : await reviewedRun(api, pulls.at(-1), { ...about, workflow: env.INPUT_PLAN_WORKFLOW }))
  if (relation !== 'unknown') output(env, 'base', `git:${applied}`)
  if (run !== undefined) output(env, 'reviewed-run', run)
  output(env, 'pull-requests', pulls.map(({ number }) => number).join(' '))
  summarise(env, heading(env, relation === 'unknown' ? undefined : applied, pulls))
}

function heading(env, applied, pulls) {
  const what =
    pulls.length === 0 ? '' : ` Merged since: ${pulls.map(({ number }) => `#${number}`).join(', ')}.`
  const since =
    applied === undefined
      ? 'No earlier apply is known, so intended changes and drift are not separated.'
      : `Everything since ${applied.slice(0, 7)}, which was applied last.`
  return `Plan of ${env.GITHUB_SHA.slice(0, 7)} on ${env.GITHUB_REF_NAME}. ${since}${what}`
}

// To apply an old commit would undo what was merged and applied after it.
function refuseOlder(env, applied) {
  const text = `${env.GITHUB_SHA.slice(0, 7)} is older than ${applied.slice(0, 7)}, which was applied last: nothing is planned`
  const next = `start this workflow on the branch ${env.GITHUB_REF_NAME} in place of running the old run again.`
  process.stdout.write(`::error title=vpnctl::${text}\n`)
  summarise(env, `### vpnctl plan was refused (exit ${OLDER})\n\n${text}.\n\n**Next step:** ${next}`)
  process.exitCode = OLDER
}

function summarise(env, text) {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${text}\n\n`)
}

async function main(env) {
  const event = readEvent(env)
  const isApply = env.INPUT_MERGED === 'true'
  try {
    await (isApply ? forApply : forReview)(env, github(env), event)
  } catch (error) {
    const text = `what was applied and reviewed is not known: ${reasonOf(error)}`
    // A plan to be applied needs it to find drift; a plan to be read does not.
    if (!isApply) return warn(text)
    process.stdout.write(`::error title=vpnctl::${text}\n`)
    summarise(env, `### vpnctl plan failed\n\n${text}.\n\n**Next step:** run the job again; that is safe.`)
    process.exitCode = 5
  }
}

await main(process.env)
