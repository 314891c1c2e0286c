// Drift of many stacks, from one list (fleet.json: name, files, contract). The pipeline starts the jobs; this starts one stack.
//   node vpn-fleet.mjs run NAME|INDEX   drift of one stack, with the token of its contract, into results/NAME/
//   node vpn-fleet.mjs summary          one table of all results, worst first; exits as the worst of them
//   node vpn-fleet.mjs names            the names as a JSON list
// IONOS_TOKEN_CONTRACT has the token of a contract; a job that has only one may call it IONOS_TOKEN.
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const { env } = process
const RESULTS = env.VPN_RESULTS ?? 'results'
const TRIES = Number(env.VPN_TRIES ?? 1)
// Before the second try; twice as long before the third.
const PAUSE_MS = Number(env.VPN_PAUSE_SECONDS ?? 30) * 1000
// A result of last night says nothing about this one.
const MAX_AGE_MS = 12 * 60 * 60 * 1000
// The API cannot be reached, or not in time: another try may succeed.
const TRANSIENT = [5, 9]
const MEANINGS = {
  0: 'no drift',
  2: 'drift',
  3: 'the files are invalid',
  4: 'the credentials were refused',
  5: 'the API cannot be reached',
  6: 'refused',
  9: 'not read in time',
  64: 'wrong usage',
}
// What hides most comes first: without a result, nothing is known about a stack.
const WORST = [undefined, 4, 3, 64, 1, 6, 5, 9, 2, 0]

const stacks = JSON.parse(readFileSync(env.VPN_FLEET ?? 'fleet.json', 'utf8'))
for (const { name } of stacks) {
  // The name becomes a folder, an artifact and a label.
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new Error(`fleet.json: "${name}" may have a-z, 0-9 and - only`)
}

function link() {
  if (env.CI_JOB_URL) return env.CI_JOB_URL
  if (env.GITHUB_RUN_ID)
    return `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
  return env.HOSTNAME ?? ''
}

// No job needs the tokens of other contracts.
function ownEnvironment(contract) {
  const token = env[`IONOS_TOKEN_${contract}`] ?? env.IONOS_TOKEN
  const rest = Object.entries(env).filter(([name]) => !name.startsWith('IONOS_TOKEN'))
  return { ...Object.fromEntries(rest), ...(token === undefined ? {} : { IONOS_TOKEN: token }) }
}

async function run(which) {
  const stack = stacks.find(({ name }) => name === which) ?? stacks[/^\d+$/.test(which) ? which : -1]
  if (stack === undefined) throw new Error(`fleet.json has no ${which}`)
  const { name, files, contract } = stack
  const folder = `${RESULTS}/${name}`
  mkdirSync(folder, { recursive: true })
  const reports = [`--report=json=${folder}/drift.json`, `--report=markdown=${folder}/drift.md`]
  const args = ['drift', '--file', files, ...reports, '--metrics-file', `${folder}/vpnctl.prom`]
  let ended
  for (let tries = 1; ; tries += 1) {
    ended = spawnSync('vpnctl', args, { env: ownEnvironment(contract), stdio: ['ignore', 'inherit', 'pipe'] })
    process.stderr.write(ended.stderr ?? '')
    if (tries >= TRIES || !TRANSIENT.includes(ended.status)) break
    await sleep(PAUSE_MS * tries)
  }
  const message = /^error: (.*)$/m.exec(String(ended.stderr ?? ended.error))?.[1] ?? ''
  const result = { name, contract, code: ended.status ?? 1, message, link: link(), at: Date.now() }
  writeFileSync(`${folder}/result.json`, JSON.stringify(result))
  return result.code
}

function resultOf({ name, contract }) {
  const file = `${RESULTS}/${name}/result.json`
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { at: 0 }
  const result = Date.now() - found.at < MAX_AGE_MS ? found : { message: '', link: '' }
  const report = `${RESULTS}/${name}/drift.json`
  const { severities } = result.code === 2 ? JSON.parse(readFileSync(report, 'utf8')).summary : {}
  return { ...result, name, contract, severities }
}

function compare(a, b) {
  const rank = ({ code }) => (WORST.includes(code) ? WORST.indexOf(code) : 1)
  const critical = ({ severities }) => severities?.critical ?? 0
  return rank(a) - rank(b) || critical(b) - critical(a) || a.name.localeCompare(b.name)
}

function row({ name, contract, code, severities, message, link: url }) {
  const what = code === undefined ? 'no result' : (MEANINGS[code] ?? `exit ${code}`)
  const found = Object.entries(severities ?? {}).filter(([, amount]) => amount > 0)
  const details =
    severities === undefined ? message : found.map(([word, amount]) => `${amount} ${word}`).join(', ')
  const text = `${what}${details === '' ? '' : `: ${details}`}`.replace(
    /[|<>&`\\]/g,
    (sign) => `&#${sign.charCodeAt(0)};`,
  )
  const sign = code === 0 ? '🟢' : code === 2 ? '🟠' : '🔴'
  return `| ${sign} | ${name} | ${contract} | ${text} | ${/^https?:/.test(url) ? `[job](<${url}>)` : url} |`
}

function summary() {
  const results = stacks.map(resultOf).sort(compare)
  const count = (test) => results.filter(test).length
  const drifted = count(({ code }) => code === 2)
  const failed = count(({ code }) => code !== 0 && code !== 2)
  const text = [
    `### VPN drift: ${results.length} stacks, ${drifted} with drift, ${failed} without an answer`,
    '',
    '| | stack | contract | result | |',
    '|:-:|---|---|---|---|',
    ...results.map(row),
    '',
  ].join('\n')
  process.stdout.write(text)
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(`${RESULTS}/summary.md`, text)
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, text)
  return results[0] === undefined ? 0 : (results[0].code ?? 1)
}

const [command, which = ''] = process.argv.slice(2)
if (command === 'names') process.stdout.write(JSON.stringify(stacks.map(({ name }) => name)))
else if (command === 'run') process.exitCode = await run(which)
else if (command === 'summary') process.exitCode = summary()
else throw new Error('run NAME, summary or names')
