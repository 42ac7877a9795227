import { defineConfig } from "vitest/config";

/** What takes minutes: real processes, killed at real moments. `npm run test:slow`. */
export default defineConfig({
  test: {
    include: ["test/slow/**/*.slow.ts"],
    maxConcurrency: 4,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
