// After a stale plan: starts the workflow once more, which plans again and asks for an approval of that.
import { appendFileSync } from 'node:fs'
import { ownWorkflow, readEvent } from './event.mjs'
import { github, output, reasonOf, warn } from './github.mjs'

// Each round waits for people; a plan that is stale every time has another cause.
const MAX_ROUNDS = 5

async function main(env) {
  const workflow = ownWorkflow(env)
  const round = Number(readEvent(env).inputs?.round || 0) + 1
  if (round > MAX_ROUNDS)
    return warn(`the plan was stale ${MAX_ROUNDS} times in a row: start the workflow by hand`)
  try {
    await github(env).post(`/actions/workflows/${encodeURIComponent(workflow)}/dispatches`, {
      ref: env.GITHUB_REF_NAME,
      inputs: { after: env.GITHUB_RUN_ID, round: String(round) },
    })
    output(env, 'started', 'true')
    const url = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/workflows/${workflow}`
    const text = `**A new run plans again:** its summary shows what has changed since this plan, and it waits for an approval ([runs](${url})).`
    if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `\n${text}\n`)
  } catch (error) {
    warn(
      `no new run was started: ${reasonOf(error)}. Start the workflow by hand; it needs "actions: write" for this.`,
    )
  }
}

await main(process.env)
