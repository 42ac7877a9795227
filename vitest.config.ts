import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/conformance/setup.ts"],
    maxConcurrency: 2,
    maxWorkers: 2,
    // Every file would import the sources and TypeScript anew. What a file changes for all, it has to put back.
    isolate: false,
    // A test is right or wrong, not slow: these are for what hangs.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
