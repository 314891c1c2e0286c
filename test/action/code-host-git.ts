import { execFileSync } from 'node:child_process'
import type { Repository } from './a-repository.ts'

/** A pull request, as far as the action asks. */
export interface Pull {
  readonly number: number
  readonly title: string
  body: string
  state: string
  merged_at: string | null
  readonly base: { readonly ref: string }
  readonly head: { readonly ref: string; sha: string }
  readonly user: { readonly login: string }
  readonly html_url: string
  /** Commits that it brought to the base. */
  commits: readonly string[]
}

/** A run of a workflow. */
export interface WorkflowRun {
  readonly id: number
  readonly path: string
  readonly event: string
  readonly head_branch: string
  readonly head_sha: string
  readonly head_repository: { readonly full_name: string }
  conclusion: string | null
}

/** What a code host knows beyond comments and issues. */
export interface Forge {
  readonly repository: Repository
  readonly pulls: Pull[]
  readonly runs: WorkflowRun[]
  /** By run and name. */
  readonly artifacts: Map<string, Readonly<Record<string, string>>>
  /** Inputs of workflows that were started by the API. */
  readonly dispatches: {
    readonly workflow: string
    readonly ref: string
    readonly inputs: Record<string, string>
  }[]
}

interface Sent {
  readonly [name: string]: unknown
}

/** The answer of the endpoints about commits, pull requests and runs; undefined: there is no such thing. */
export function forgeAnswer(
  forge: Forge,
  method: string,
  path: string,
  query: URLSearchParams,
  sent: Sent,
): unknown {
  for (const [verb, pattern, answer] of ROUTES) {
    const found = verb === method ? pattern.exec(path) : null
    if (found !== null) return answer(forge, found.slice(1).map(decodeURIComponent), query, sent)
  }
  return undefined
}

type Route = readonly [
  method: string,
  path: RegExp,
  answer: (forge: Forge, parts: readonly string[], query: URLSearchParams, sent: Sent) => unknown,
]

const ROUTES: readonly Route[] = [
  ['GET', /^\/actions\/workflows\/([^/]+)\/runs$/, workflowRuns],
  [
    'POST',
    /^\/actions\/workflows\/([^/]+)\/dispatches$/,
    ({ dispatches }, [workflow = ''], _, { ref, inputs }) => {
      dispatches.push({ workflow, ref: String(ref), inputs: inputs as Record<string, string> })
      return null
    },
  ],
  ['GET', /^\/actions\/runs\/(\d+)$/, ({ runs }, [id]) => runs.find((run) => run.id === Number(id))],
  ['GET', /^\/actions\/runs\/(\d+)\/artifacts$/, artifactsOf],
  [
    'GET',
    /^\/commits\/(\w+)\/pulls$/,
    ({ pulls }, [sha = '']) => pulls.filter(({ commits }) => commits.includes(sha)),
  ],
  ['GET', /^\/compare\/(\w+)\.\.\.(\w+)$/, compare],
  ['GET', /^\/git\/commits\/(\w+)$/, ({ repository }, [sha = '']) => commitOf(repository, sha)],
  ['POST', /^\/git\/trees$/, makeTree],
  [
    'POST',
    /^\/git\/commits$/,
    ({ repository: { git } }, _, __, { message, tree, parents }) => {
      const above = (parents as string[]).flatMap((parent) => ['-p', parent])
      return {
        sha: git(
          '-c',
          'user.name=bot',
          '-c',
          'user.email=bot@example.com',
          'commit-tree',
          String(tree),
          ...above,
          '-m',
          String(message),
        ),
      }
    },
  ],
  [
    'PATCH',
    /^\/git\/refs\/(.+)$/,
    (forge, [ref = ''], _, { sha }) => (hasRef(forge, ref) ? setRef(forge, ref, sha) : undefined),
  ],
  [
    'POST',
    /^\/git\/refs$/,
    (forge, _, __, { ref, sha }) => setRef(forge, String(ref).replace('refs/', ''), sha),
  ],
  [
    'GET',
    /^\/pulls$/,
    ({ pulls }, _, query) =>
      pulls.filter(
        ({ state, head }) => state === query.get('state') && query.get('head') === `example:${head.ref}`,
      ),
  ],
  [
    'POST',
    /^\/pulls$/,
    (forge, _, __, { title, body, head, base }) =>
      openPull(forge, {
        title: String(title),
        body: String(body),
        branch: String(head),
        base: String(base),
        login: 'github-actions[bot]',
      }),
  ],
  [
    'PATCH',
    /^\/pulls\/(\d+)$/,
    ({ pulls }, [number], _, sent) => {
      const found = pulls.find((pull) => pull.number === Number(number))
      return found === undefined ? undefined : Object.assign(found, sent)
    },
  ],
]

/** Opens a pull request. */
export function openPull(
  { pulls, repository }: Forge,
  {
    title,
    body = '',
    branch,
    base = 'main',
    login,
  }: { title: string; body?: string; branch: string; base?: string; login: string },
): Pull {
  const number = pulls.length + 1
  const pull: Pull = {
    number,
    title,
    body,
    state: 'open',
    merged_at: null,
    base: { ref: base },
    head: { ref: branch, sha: repository.commitOf(branch) },
    user: { login },
    html_url: `https://github.example.com/example/network/pull/${number}`,
    commits: [],
  }
  pulls.push(pull)
  return pull
}

function workflowRuns({ runs }: Forge, [workflow = '']: readonly string[], query: URLSearchParams): unknown {
  const wanted = (name: string, value: string | null): boolean =>
    query.get(name) === null || query.get(name) === value
  const found = runs.filter(
    (run) =>
      run.path.endsWith(`/${workflow}`) &&
      wanted('branch', run.head_branch) &&
      wanted('status', run.conclusion) &&
      wanted('event', run.event) &&
      wanted('head_sha', run.head_sha),
  )
  // Newest first.
  return { total_count: found.length, workflow_runs: found.toReversed() }
}

function artifactsOf(
  { runs, artifacts }: Forge,
  [id = '']: readonly string[],
  query: URLSearchParams,
): unknown {
  const name = query.get('name') ?? ''
  const run = runs.find((each) => each.id === Number(id))
  const isThere = artifacts.has(`${id}/${name}`)
  const artifact = { name, expired: false, workflow_run: { id: Number(id), head_sha: run?.head_sha } }
  return { artifacts: isThere ? [artifact] : [] }
}

function compare({ repository: { git } }: Forge, [base = '', head = '']: readonly string[]): unknown {
  const count = (range: string): number => Number(git('rev-list', '--count', range))
  const [ahead, behind] = [count(`${base}..${head}`), count(`${head}..${base}`)]
  const status = ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical'
  const commits = git('rev-list', '--reverse', `${base}..${head}`)
    .split('\n')
    .filter((sha) => sha !== '')
  return { status, commits: commits.map((sha) => ({ sha })) }
}

function commitOf({ git }: Repository, sha: string): unknown {
  const parents = git('rev-list', '--parents', '-1', sha).split(' ').slice(1)
  return {
    sha,
    tree: { sha: git('rev-parse', `${sha}^{tree}`) },
    parents: parents.map((parent) => ({ sha: parent })),
  }
}

function makeTree({ repository }: Forge, _: readonly string[], __: URLSearchParams, sent: Sent): unknown {
  const env = {
    PATH: process.env.PATH ?? '',
    GIT_DIR: repository.folder,
    GIT_INDEX_FILE: `${repository.folder}/index-api`,
  }
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, { env, input, encoding: 'utf8' }).trim()
  git(['read-tree', String(sent.base_tree)])
  for (const { path, mode, content } of sent.tree as { path: string; mode: string; content: string }[]) {
    const blob = git(['hash-object', '-w', '--stdin'], content)
    git(['update-index', '--add', '--cacheinfo', `${mode},${blob},${path}`])
  }
  return { sha: git(['write-tree']) }
}

function hasRef({ repository: { git } }: Forge, ref: string): boolean {
  return git('for-each-ref', `refs/${ref}`) !== ''
}

function setRef({ repository: { git }, pulls }: Forge, ref: string, sha: unknown): unknown {
  git('update-ref', `refs/${ref}`, String(sha))
  for (const { head } of pulls) if (`heads/${head.ref}` === ref) head.sha = String(sha)
  return { ref: `refs/${ref}`, object: { sha } }
}
