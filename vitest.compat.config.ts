import { defineConfig } from "vitest/config";

/** What `npm run test:compat` runs besides its table: real terminals, real builds, what takes too long for every run. */
export default defineConfig({
  test: {
    include: ["test/**/*.compat.ts"],
    setupFiles: ["test/conformance/setup.ts"],
    maxWorkers: 2,
    hookTimeout: 120_000,
    testTimeout: 120_000,
  },
});
