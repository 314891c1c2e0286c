// The little of GitHub's REST API that the action needs; Node's own fetch, nothing to install.
import { appendFileSync } from 'node:fs'

const TRIES = 3
const PAGES = 30

/** An answer that is not a success. */
export class Refused extends Error {
  constructor(status, path) {
    super(`GitHub answered ${status} to ${path.replace(/\?.*/, '')}`)
    this.status = status
  }
}

/** A caller of the API of the job's repository. `env` is the environment of the step. */
export function github(env, pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))) {
  const root = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}`

  async function once(method, path, body) {
    return fetch(`${root}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${env.GITHUB_TOKEN}`,
        'user-agent': 'vpnctl-action',
        'x-github-api-version': '2022-11-28',
      },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async function call(method, path, body) {
    for (let tried = 1; ; tried++) {
      const answer = await once(method, path, body)
      if (answer.ok)
        return {
          value: bodyOf(await answer.text()),
          more: /rel="next"/.test(answer.headers.get('link') ?? ''),
        }
      // A POST that was answered by 5xx may have been done: a second comment is worse than none.
      const again = answer.status === 429 || (answer.status >= 500 && method !== 'POST')
      if (!again || tried === TRIES) throw new Refused(answer.status, path)
      await pause(Math.min(60, Number(answer.headers.get('retry-after')) || tried) * 1000)
    }
  }

  return {
    get: async (path) => (await call('GET', path)).value,
    post: async (path, body) => (await call('POST', path, body)).value,
    patch: async (path, body) => (await call('PATCH', path, body)).value,
    /** The first item of a list that is meant, page after page. */
    async find(path, isMeant) {
      const separator = path.includes('?') ? '&' : '?'
      for (let page = 1; page <= PAGES; page++) {
        const { value, more } = await call('GET', `${path}${separator}per_page=100&page=${page}`)
        const found = value.find(isMeant)
        if (found !== undefined || !more) return found
      }
      return undefined
    },
  }
}

// Some answers have no body.
function bodyOf(text) {
  return text === '' ? undefined : JSON.parse(text)
}

/** A remark of the job; never a failure, since what was found out is in the summary too. */
export function warn(text) {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  process.stdout.write(`::warning title=vpnctl::${escaped}\n`)
}

/** An output of the step. */
export function output(env, name, value) {
  if (env.GITHUB_OUTPUT)
    appendFileSync(env.GITHUB_OUTPUT, `${name}=${String(value).replace(/[\r\n]/g, '')}\n`)
}

/** Why the API could not be used, for people. */
export function reasonOf(error) {
  if (error instanceof Refused) {
    return error.status === 401 || error.status === 403 || error.status === 404
      ? `${error.message}; the token of a fork may only read, others need "pull-requests: write" or "issues: write"`
      : error.message
  }
  return 'GitHub could not be reached'
}
