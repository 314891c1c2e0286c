import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup/no-network.ts'],
    globalSetup: ['test/setup/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Colour and CI detection are arguments of main(); the machine's own values must not leak into tests.
    env: { NO_COLOR: '', FORCE_COLOR: '', CI: '' },
  },
})
