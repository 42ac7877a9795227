import { defineConfig } from "vitest/config";

/** What `npm run test:compat` runs besides its table: it builds the package anew, and so takes too long for every run. */
export default defineConfig({ test: { include: ["test/**/*.compat.ts"], hookTimeout: 120_000, testTimeout: 120_000 } });
