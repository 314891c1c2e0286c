import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// The longest first, so that all workers end at about the same time. Vitest remembers how long files took, but a pipeline
// begins without that.
const LONG = [
  'test/action/action.test.ts',
  'test/simulation/simulation.test.ts',
  'test/action/week.test.ts',
  'test/package/package.test.ts',
  'test/ci/gitlab-week.test.ts',
  'test/laws/planner-laws.test.ts',
  'test/faults/faults.test.ts',
  'test/ci/gitlab-ci-local.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/ci/fleet.test.ts',
  'test/journey/everything-ends.test.ts',
]

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      if (project.config.isolate) return -1
      const place = LONG.findIndex((file) => moduleId.endsWith(file))
      return place === -1 ? LONG.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

const shared = {
  setupFiles: ['test/setup/no-network.ts'],
  // Far beyond what any test takes, for machines that have other work.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A loop over nothing asserts nothing.
  expect: { requireAssertions: true },
  // Colour and CI detection are arguments of main(); the machine's own values must not leak into tests.
  env: { NO_COLOR: '', FORCE_COLOR: '', CI: '' },
}

// These replace modules or list a made-up kind, so they need modules of their own.
const ISOLATED = ['test/fifth-kind/**/*.test.ts']
// These need strongSwan, WireGuard and network namespaces: npm run test:network.
const NETWORK = 'test/network/**'

export default defineConfig({
  test: {
    globalSetup: ['test/setup/build.ts'],
    // More workers than cores: many tests wait for processes and timers.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...ISOLATED, NETWORK],
          isolate: false,
        },
      },
      { test: { ...shared, name: 'isolated', include: ISOLATED } },
    ],
  },
})
