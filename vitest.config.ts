import { defineConfig } from 'vitest/config'
import { tc39Decorators } from './packages/testing/src/tc39-decorators.js'

export default defineConfig({
  plugins: [tc39Decorators()],
  test: {
    environment: 'node',
    include: [
      'apps/examples/*/*.test.ts',
      '{packages,apps,apps/dashboard}/*/{src,test}/**/*.test.ts',
      'scripts/**/*.test.mjs',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    // Deadlines end what hangs; they are no bars. A busy machine of two cores must not meet them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { interval: 20, timeout: 20_000 } },
    passWithNoTests: true,
    typecheck: {
      // The types of everything else are a step of their own: tsc -p tsconfig.tests.json.
      ignoreSourceErrors: true,
      include: ['{packages,apps}/*/{src,test}/**/*.test-d.ts'],
      tsconfig: './tsconfig.tests.json',
    },
  },
})
