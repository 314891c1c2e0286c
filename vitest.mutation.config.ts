import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const SLOW = ['/cases.test.ts', '/desired/', '/laws/']

// A mutant's run ends with the first test that fails: what is quick goes first, and the laws last.
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const cost = ({ moduleId }: TestSpecification): number =>
      SLOW.findIndex((part) => moduleId.includes(part))
    return [...files].sort((a, b) => cost(a) - cost(b) || (a.moduleId < b.moduleId ? -1 : 1))
  }
}

/** The tests that mutants of `src/plan` and `src/kinds` are run against: nothing here needs the built CLI. */
export default defineConfig({
  test: {
    include: [
      'test/plan/**/*.test.ts',
      'test/kinds/**/*.test.ts',
      'test/cases.test.ts',
      'test/desired/rules.test.ts',
      'test/drift/find-drift.test.ts',
      'test/laws/{canonical,planner}-laws.test.ts',
    ],
    testTimeout: 60_000,
    // One module graph for all files: loading it is most of what a mutant costs.
    isolate: false,
    sequence: { sequencer: QuickFirst },
    env: { NO_COLOR: '', FORCE_COLOR: '', CI: '', FAST_CHECK_RUNS: process.env.FAST_CHECK_RUNS ?? '8' },
  },
})
