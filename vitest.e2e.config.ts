import { defineConfig } from 'vitest/config';

/** The whole system with real processes, a real database and a real browser: one file at a time. */
export default defineConfig({
  test: {
    include: ['e2e/src/**/*.e2e.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    maxWorkers: 1,
  },
});
