import { relative, resolve, sep } from 'node:path'
import type { PipelineRun } from '../../report/formats/chat.ts'
import type { MarkdownFlavor } from '../../report/writing/markdown-parts.ts'
import type { Io } from '../io.ts'

/** What the environment of a pipeline says about the repository that the files are in. */
export interface CodeHost {
  /** The name of a file from the root of the repository; the name as it is where it is not in there. */
  readonly fileName: (file: string) => string
  /** Where a line can be looked at. */
  readonly linkTo: (file: string, line: number) => string | undefined
  readonly flavor: MarkdownFlavor
  readonly run: PipelineRun
}

type Environment = Io['env']

interface Host {
  readonly root: string | undefined
  readonly template: string | undefined
  readonly flavor: MarkdownFlavor
  readonly repository?: string | undefined
  readonly runUrl?: string | undefined
}

/** The code host of this run. `sourceUrl` is a template with `{file}` and `{line}` that beats the environment's. */
export function codeHost({ env, cwd }: Pick<Io, 'env' | 'cwd'>, sourceUrl?: string): CodeHost {
  const host = detect(env)
  const inside = (file: string): string | undefined => {
    if (file.startsWith('<')) return undefined
    const path = relative(host.root ?? cwd, resolve(cwd, file))
    if (path === '' || path.startsWith('..') || resolve(path) === path) return undefined
    return path.split(sep).join('/')
  }
  const template = sourceUrl ?? host.template
  return {
    flavor: host.flavor,
    run: pipelineRun(host),
    fileName: (file) => inside(file) ?? file,
    linkTo: (file, line) => {
      const path = inside(file)
      if (template === undefined || path === undefined) return undefined
      const encoded = path.split('/').map(encodeURIComponent).join('/')
      return template.replaceAll('{file}', () => encoded).replaceAll('{line}', String(line))
    },
  }
}

function detect(env: Environment): Host {
  if (env.GITHUB_ACTIONS === 'true') {
    const base = joined([env.GITHUB_SERVER_URL, env.GITHUB_REPOSITORY, 'blob', env.GITHUB_SHA])
    return {
      root: env.GITHUB_WORKSPACE,
      template: suffixed(base, '/{file}#L{line}'),
      flavor: 'github',
      repository: env.GITHUB_REPOSITORY,
      runUrl: joined([env.GITHUB_SERVER_URL, env.GITHUB_REPOSITORY, 'actions/runs', env.GITHUB_RUN_ID]),
    }
  }
  if (env.GITLAB_CI === 'true') {
    const base = joined([env.CI_PROJECT_URL, '-/blob', env.CI_COMMIT_SHA])
    return {
      root: env.CI_PROJECT_DIR,
      template: suffixed(base, '/{file}#L{line}'),
      flavor: 'gitlab',
      repository: env.CI_PROJECT_PATH,
      runUrl: env.CI_JOB_URL,
    }
  }
  if (env.BITBUCKET_BUILD_NUMBER !== undefined) {
    const base = joined([env.BITBUCKET_GIT_HTTP_ORIGIN, 'src', env.BITBUCKET_COMMIT])
    return {
      root: env.BITBUCKET_CLONE_DIR,
      template: suffixed(base, '/{file}#lines-{line}'),
      flavor: 'plain',
      repository: env.BITBUCKET_REPO_FULL_NAME,
      runUrl: joined([env.BITBUCKET_GIT_HTTP_ORIGIN, 'pipelines/results', env.BITBUCKET_BUILD_NUMBER]),
    }
  }
  if (env.TF_BUILD === 'True') {
    const version = suffixed(env.BUILD_SOURCEVERSION, '&line={line}')
    const template =
      env.BUILD_REPOSITORY_URI === undefined || version === undefined
        ? undefined
        : `${env.BUILD_REPOSITORY_URI}?path=/{file}&version=GC${version}`
    const project = joined([env.SYSTEM_COLLECTIONURI?.replace(/\/$/, ''), env.SYSTEM_TEAMPROJECT])
    return {
      root: env.BUILD_SOURCESDIRECTORY,
      template,
      flavor: 'plain',
      repository: env.BUILD_REPOSITORY_NAME,
      runUrl: joined([project, `_build/results?buildId=${env.BUILD_BUILDID ?? ''}`]),
    }
  }
  return { root: undefined, template: undefined, flavor: 'github' }
}

// Chat programs open what they are given, so only an address of the web is passed on.
function pipelineRun({ repository, runUrl }: Host): PipelineRun {
  const url = runUrl !== undefined && URL.canParse(runUrl) ? new URL(runUrl) : undefined
  return {
    ...(repository === undefined || repository === '' ? {} : { repository }),
    ...(url !== undefined && /^https?:$/.test(url.protocol) ? { url: url.href } : {}),
  }
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.every((part) => part !== undefined && part !== '') ? parts.join('/') : undefined
}

function suffixed(base: string | undefined, suffix: string): string | undefined {
  return base === undefined || base === '' ? undefined : `${base}${suffix}`
}
