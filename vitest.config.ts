import { defineConfig } from "vitest/config";

/** A test is right or wrong, not slow: this is for what hangs, on a machine that has other work, too. */
const HANGS_MS = 180_000;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        // `npm run unit`
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          setupFiles: ["test/conformance/setup.ts"],
          maxConcurrency: 2,
          // Every file would import the sources and TypeScript anew. What a file changes for all, it has to put back.
          isolate: false,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
        },
      },
      {
        // What `npm run test:compat` runs besides its table: real terminals, real builds, what takes too long for every run.
        test: {
          name: "compat",
          include: ["test/**/*.compat.ts"],
          setupFiles: ["test/conformance/setup.ts"],
          // A browser visits every page of the documentation.
          testTimeout: 600_000,
          hookTimeout: HANGS_MS,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
        },
      },
      {
        // `npm run test:slow`: what takes minutes, such as real processes, killed at real moments.
        test: {
          name: "slow",
          include: ["test/slow/**/*.slow.ts"],
          maxConcurrency: 4,
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
        },
      },
      {
        // `npm run test:live`: against real servers, which it starts.
        test: {
          name: "live",
          include: ["test/live/*.live.ts"],
          globalSetup: ["test/live/setup.ts"],
          // They share the servers, and a machine.
          fileParallelism: false,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
    ],
  },
});
