import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

// Whoever takes the name `vpnctl` in the npm registry runs in jobs that hold credentials, so nothing installs it by name.
const BY_NAME =
  /\b(?:npx|pnpx|bunx|npm (?:exec|x)|(?:pnpm|yarn) dlx)\s+(?:(?:-\S+|--)\s+)*["']?vpnctl\b|\b(?:npm (?:install|i|add|ci)|pnpm (?:install|add|i)|yarn (?:global )?add|bun add)\s(?:[^\n|;&#`]*\s)?["']?vpnctl(?:@|["'`\s]|$)|\badditional_dependencies:\s*\[\s*["']?vpnctl\b/m

test.each([
  ['npx vpnctl plan', true],
  ['npx --yes vpnctl plan', true],
  ['npm exec -- vpnctl plan', true],
  ['npm i -g vpnctl', true],
  ['npm install vpnctl@latest', true],
  ['npm install --global --ignore-scripts "vpnctl@$(vpnVersion)"', true],
  ['npm install --prefix "$FOLDER" "vpnctl@$VERSION"', true],
  ['yarn global add vpnctl', true],
  ['additional_dependencies: [vpnctl@0.1.0]', true],
  ['npm install --global ./vpnctl-0.1.0.tgz', false],
  ['npm install --global --ignore-scripts ./vpnctl.tgz', false],
  ['npm ci && npm run build && vpnctl plan', false],
])('whether a line installs by name is known: %s: %s', (line, isByName) => {
  expect(BY_NAME.test(line)).toBe(isByName)
})

test('no page, template, action or image installs from the registry by name', () => {
  const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) =>
      /^(README\.md|CONTRIBUTING\.md|Dockerfile|action|docs|examples|src|schemas|scripts|man|\.github|\.ci|\.pre-commit)/.test(
        file,
      ),
    )
    .filter((file) => existsSync(file))
  expect(files.length).toBeGreaterThan(300)
  expect(files.filter((file) => BY_NAME.test(readFileSync(file, 'utf8')))).toEqual([])
})

test.each([
  ['examples/ci/gitlab/.gitlab-ci.yml', 1],
  ['examples/ci/azure/azure-pipelines.yml', 3],
  ['examples/ci/fleet/github.yml', 1],
  ['examples/ci/fleet/gitlab.yml', 1],
])('%s installs what it has checked, without a registry', (file, count) => {
  const text = readFileSync(file, 'utf8')
  expect(text).not.toMatch(/\bnpm\b/)
  const installs = text.match(/(?<=sha256sum --check --strict\n)\s+(?:- )?mkdir -p [\s\S]*?ln -sf .*/g) ?? []
  expect(installs).toHaveLength(count)
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-install-'))
  try {
    mkdirSync(join(folder, 'package/dist/cli'), { recursive: true })
    writeFileSync(join(folder, 'package/dist/cli/bin.js'), '#!/bin/sh\necho installed\n', { mode: 0o755 })
    execFileSync('tar', ['-czf', 'vpnctl.tgz', 'package'], { cwd: folder })
    for (const install of installs) {
      const script = install.replace(/^\s+- /gm, '').replace(/\/(?:opt|usr\/local)\b/g, folder)
      const env = { PATH: process.env.PATH, AGENT_TEMPDIRECTORY: folder, RUNNER_TEMP: folder }
      mkdirSync(join(folder, 'bin'), { recursive: true })
      execFileSync('sh', ['-e', '-c', script], { cwd: folder, env })
      const command = install.includes('/usr/local') ? 'bin/vpnctl' : 'vpnctl/bin/vpnctl'
      expect(execFileSync(join(folder, command), { encoding: 'utf8' })).toBe('installed\n')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a release has the file and its checksum, and publishes a name only where it is ours', () => {
  const text = readFileSync('.github/workflows/release.yml', 'utf8')
  const { jobs } = parse(text) as {
    jobs: Record<'publish' | 'release', { steps: { run?: string; if?: string }[] }>
  }
  expect(jobs.publish.steps.map(({ run = '' }) => run)).toContain('node scripts/bundle.mjs --check')
  const release = jobs.release.steps.map(({ run = '' }) => run)
  expect(release).toContain('sha256sum vpnctl-* sbom.cdx.json >SHA256SUMS')
  expect(release.at(-1)).toMatch(/^gh release create "\$TAG" vpnctl-\* sbom\.cdx\.json SHA256SUMS /)
  expect(jobs.publish.steps.find(({ run }) => run?.startsWith('npm publish'))?.if).toBe(
    "env.NPM_NAME_IS_OURS == 'true'",
  )
})
