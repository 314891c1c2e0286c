import { defineConfig } from 'vitest/config'

/** Tests with real strongSwan and WireGuard in network namespaces. They install nothing, and skip what is missing. */
export default defineConfig({
  test: {
    include: ['test/network/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
