// Ends the summary of the job: what happened, the output where the run wrote no report, and the next step.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { codeBlock } from './code-block.mjs'

// GitHub drops a summary of more than 1 MiB. The end of an output is what matters most, so the beginning is cut.
const MAX_OUTPUT = 400_000

const RUN_AGAIN = 'run the job again; that is safe.'

/** Of each exit code: what happened, and the next step. */
export const ENDS = {
  0: ['succeeded', ''],
  1: ['failed', 'read the error below and fix its cause.'],
  2: ['found differences', 'review them, then apply the files, or write the live values into the files.'],
  3: [
    'failed: the desired state is invalid, or a secret has no value',
    'fix the files at the places named and push again, or set the secret and run the job again.',
  ],
  4: ['failed: the API refused the credentials', 'check the token in the environment of this job.'],
  5: ['failed: the API cannot be reached', RUN_AGAIN],
  6: [
    'was refused by a safety rule',
    'read which rule, then change the files, or use the flag that it names.',
  ],
  7: [
    'changed nothing: the saved plan is stale',
    'plan again, have the new plan reviewed, and apply that. Running this job again uses the same stale plan.',
  ],
  8: [
    'applied the plan in part',
    'run the job again, which does only what is left; after a second 8, read what failed.',
  ],
  9: ['ended before everything was ready', RUN_AGAIN],
  64: ['failed: wrong usage', 'fix the inputs of the action.'],
  129: ['was stopped', RUN_AGAIN],
  130: ['was stopped', RUN_AGAIN],
  143: ['was stopped', RUN_AGAIN],
}

/** What is added to the summary; empty when the report of the run says everything. */
export function summaryOf({ command, code, hasReport, out, log }) {
  const [what, next] = ENDS[code] ?? [`ended with exit code ${code}`, 'read the output below.']
  const failed = code !== 0
  const head = `### vpnctl ${command} ${what}${failed ? ` (exit ${code})` : ''}`
  const step = next === '' ? [] : [`**Next step:** ${next}`]
  if (hasReport) return failed ? paragraphs([head, ...step]) : ''
  const output = [withoutCommands(out).trim(), failed ? log.trim() : '']
    .filter((text) => text !== '')
    .join('\n\n')
  const blocks = output === '' ? ['There is no output.'] : [codeBlock(fitting(output))]
  return paragraphs([head, ...step, ...blocks])
}

// Of the runner, one per line: annotations, which the log says as text.
function withoutCommands(text) {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('::'))
    .join('\n')
}

function paragraphs(parts) {
  return `\n${parts.join('\n\n')}\n`
}

function fitting(text) {
  return text.length <= MAX_OUTPUT
    ? text
    : `… the log of the run has the beginning\n${text.slice(-MAX_OUTPUT)}`
}

const read = (file) => (file && existsSync(file) ? readFileSync(file, 'utf8') : '')

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { env } = process
  const text = summaryOf({
    command: env.INPUT_COMMAND,
    code: Number(env.EXIT_CODE),
    hasReport: env.HAS_REPORT === 'true',
    out: read(env.OUT_FILE),
    log: read(env.LOG_FILE),
  })
  if (text !== '' && env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, text)
}
