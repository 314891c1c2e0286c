import { defineConfig } from 'vitest/config'

const shared = {
  setupFiles: ['test/setup/no-network.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
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
    // The default leaves a core idle.
    maxWorkers: '100%',
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
