// Prints the flags of plan that separate the intended changes from drift: what the pull request is for, or the commit that
// was applied last. azure/vpn-base.mjs in the repository; that commit is the one of the last successful run on this branch.
const { env } = process
const TARGET = (env.SYSTEM_PULLREQUEST_TARGETBRANCH ?? '').replace('refs/heads/', '')

async function appliedCommit() {
  const query = new URLSearchParams({
    definitions: env.SYSTEM_DEFINITIONID,
    branchName: TARGET ? `refs/heads/${TARGET}` : env.BUILD_SOURCEBRANCH,
    resultFilter: 'succeeded',
    // Not the schedule, which applies nothing.
    reasonFilter: 'individualCI,batchedCI,manual',
    $top: '1',
    'api-version': '7.1',
  })
  const collection = (env.SYSTEM_COLLECTIONURI ?? '').replace(/\/$/, '')
  const answer = await fetch(`${collection}/${env.SYSTEM_TEAMPROJECTID}/_apis/build/builds?${query}`, {
    headers: { authorization: `Bearer ${env.SYSTEM_ACCESSTOKEN}` },
    signal: AbortSignal.timeout(30_000),
  })
  const isJson = (answer.headers.get('content-type') ?? '').includes('json')
  if (!answer.ok || !isJson)
    throw new Error(`Azure DevOps answered ${answer.status} to the question which commit was applied last`)
  return (await answer.json()).value[0]?.sourceVersion
}

function flags(applied) {
  if (TARGET) return [`--base=git:origin/${TARGET}`, ...(applied ? [`--applied=git:${applied}`] : [])]
  // What was merged since then is intended; what was changed live since then is not to be undone unseen.
  return applied ? [`--base=git:${applied}`, `--on-drift=${env.VPN_ON_DRIFT}`] : []
}

let applied
try {
  applied = await appliedCommit()
} catch (error) {
  // A plan to be applied needs it; a plan to be read does not.
  if (!TARGET) throw error
  process.stderr.write(`${error.message}\n`)
}
process.stdout.write(flags(applied).join(' '))
