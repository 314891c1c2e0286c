// What GitHub says about the event that started the run.
import { existsSync, readFileSync } from 'node:fs'

/** The event as a value. */
export function readEvent(env) {
  const file = env.GITHUB_EVENT_PATH
  return file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

/** The address of the run. */
export function runUrl(env) {
  return `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
}

/** The file name of the workflow that runs. */
export function ownWorkflow(env) {
  return /\/([^/@]+)@/.exec(env.GITHUB_WORKFLOW_REF ?? '')?.[1]
}
