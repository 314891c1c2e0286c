// Prints the flags of plan that separate the intended changes from drift: what the merge request is for, and the commit that
// was applied last. .gitlab/vpn-base.mjs in the repository; GitLab knows that commit by the deployments of the environment.
const { env } = process
const TARGET = env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME

async function appliedCommit() {
  const query = new URLSearchParams({
    environment: env.VPN_ENVIRONMENT,
    status: 'success',
    order_by: 'id',
    sort: 'desc',
    per_page: '1',
  })
  const answer = await fetch(`${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/deployments?${query}`, {
    headers: { 'private-token': env.VPN_NOTE_TOKEN },
    signal: AbortSignal.timeout(30_000),
  })
  if (!answer.ok)
    throw new Error(`GitLab answered ${answer.status} to the question which commit was applied last`)
  const [deployment] = await answer.json()
  return deployment?.sha
}

function flags(applied) {
  if (TARGET) return [`--base=git:origin/${TARGET}`, ...(applied ? [`--applied=git:${applied}`] : [])]
  // What was merged since then is intended; what was changed live since then is not to be undone unseen.
  return applied ? [`--base=git:${applied}`, `--on-drift=${env.VPN_ON_DRIFT}`] : []
}

let applied
try {
  if (env.VPN_NOTE_TOKEN) applied = await appliedCommit()
  else process.stderr.write('VPN_NOTE_TOKEN is not set: the commit that was applied last is not known\n')
} catch (error) {
  // A plan to be applied needs it; a plan to be read does not.
  if (!TARGET) throw error
  process.stderr.write(`${error.message}\n`)
}
process.stdout.write(flags(applied).join(' '))
