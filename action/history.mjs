// What was applied, what was merged since, and what was reviewed, as far as the runs of the repository show it.
import { Refused } from './github.mjs'

// A range of more commits than this is looked at from its end.
const MAX_COMMITS = 50

/** The commit of the last run of the apply workflow that succeeded on the branch; undefined when none is known. */
export async function appliedCommit(api, workflow, branch) {
  const query = `branch=${encodeURIComponent(branch)}&status=success&per_page=20`
  const found = await orUndefined(api.get(`/actions/workflows/${encodeURIComponent(workflow)}/runs?${query}`))
  return found?.workflow_runs.find((run) => run.head_branch === branch)?.head_sha
}

/**
 * How `head` relates to the commit that was applied last, and the commits between, the oldest first. `unknown`: that
 * commit is no longer in the repository.
 */
export async function commitsSince(api, applied, head) {
  if (applied === undefined) return { relation: 'unknown', commits: [head] }
  const found = await orUndefined(api.get(`/compare/${applied}...${head}`))
  if (found === undefined || found.status === 'diverged') return { relation: 'unknown', commits: [head] }
  return { relation: found.status, commits: found.commits.map(({ sha }) => sha) }
}

/** The pull requests that brought the commits to the branch, the oldest first. */
export async function mergedPullRequests(api, commits, branch) {
  const found = new Map()
  for (const commit of commits.slice(-MAX_COMMITS)) {
    const pulls = await api.get(`/commits/${commit}/pulls`)
    for (const pull of pulls) {
      if (pull.merged_at && pull.base.ref === branch) found.set(pull.number, pull)
    }
  }
  return [...found.values()].sort((a, b) => a.merged_at.localeCompare(b.merged_at))
}

/**
 * The run of the plan workflow whose plan people saw in a pull request: of its last commit, of this repository and of
 * that workflow, with the artifact still there.
 */
export async function reviewedRun(api, { head }, { workflow, artifact, repository }) {
  const query = `event=pull_request&status=success&head_sha=${head.sha}`
  const found = await orUndefined(api.get(`/actions/workflows/${encodeURIComponent(workflow)}/runs?${query}`))
  const runs = (found?.workflow_runs ?? []).filter(
    (run) => run.head_sha === head.sha && run.head_repository?.full_name === repository,
  )
  for (const { id } of runs) if (await hasArtifact(api, id, artifact, head.sha)) return id
  return undefined
}

/** The run that this one follows, when it is one of the same workflow on the branch and has the artifact. */
export async function followedRun(api, id, { workflow, artifact, branch }) {
  if (!/^\d{1,20}$/.test(id)) return undefined
  const run = await orUndefined(api.get(`/actions/runs/${id}`))
  const isOwn = run?.head_branch === branch && run.path?.split('@')[0].endsWith(`/${workflow}`)
  return isOwn && (await hasArtifact(api, id, artifact, run.head_sha)) ? id : undefined
}

async function hasArtifact(api, run, name, commit) {
  const found = await orUndefined(api.get(`/actions/runs/${run}/artifacts?name=${encodeURIComponent(name)}`))
  return (found?.artifacts ?? []).some(
    (each) => each.name === name && !each.expired && each.workflow_run?.head_sha === commit,
  )
}

// A repository without such a workflow, run or commit is not an error, and neither is a token that may not read them.
async function orUndefined(answer) {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Refused && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}
