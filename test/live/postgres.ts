/** A PostgreSQL of one's own, in a temporary folder, for as long as tests run. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closedPort } from "../helpers/loopback.js";
import { Program, run, tied } from "../helpers/processes.js";

export interface Postgres {
  /** Of its database, with the user in it, who is asked for no password. */
  url: string;
  version: string;
  /** Ends it, and removes what it stored. */
  stop: () => Promise<void>;
}

/** The one user who is asked for a password. Whoever needs it makes it. */
export const LOCKED = "locked";

/** @throws where no PostgreSQL is installed */
export async function startPostgres(): Promise<Postgres> {
  const bin = folderOfPrograms();
  const folder = await mkdtemp(join(tmpdir(), "keysmith-postgres-"));
  const data = join(folder, "data");
  const own = (program: string, ...args: string[]): [string, string[]] => {
    // Fast shutdown: it ends its connections.
    const [command, rest] = tied("SIGINT", join(bin, program), ...args);
    return unprivileged(command, ...rest);
  };
  let server: Program | undefined;
  const stop = async () => {
    await server?.end("SIGINT");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await chmod(folder, 0o777);
    await run(...own("initdb", "-D", data, "-U", "keysmith", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"));
    const rules = join(data, "pg_hba.conf");
    await writeFile(rules, `host all ${LOCKED} 127.0.0.1/32 scram-sha-256\n${await readFile(rules, "utf8")}`);
    const port = await closedPort();
    const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: "", fsync: "off" };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = new Program(...own("postgres", "-D", data, ...flags));
    await server.printed("ready to accept connections");
    const version = /\d+(\.\d+)*/.exec((await run(...own("postgres", "--version"))).stdout)?.[0] ?? "";
    return { url: `postgres://keysmith@127.0.0.1:${port}/postgres`, version, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const AS_POSTGRES = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

/**
 * Whether the user of PostgreSQL may read the repository, which a clone in a folder of root's alone forbids. A capability reads it
 * all the same, but initdb asks the system whether it may run the programs beside it, and believes no capability.
 */
export const isReadable =
  process.getuid?.() !== 0 ||
  spawnSync("setpriv", [...AS_POSTGRES, "test", "-r", fileURLToPath(import.meta.url)]).status === 0;

/** A program as it is run where PostgreSQL is below it, which refuses to run as root. Debian's package has made the user. */
export function unprivileged(command: string, ...args: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command, args];
  const reading = isReadable ? [] : ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return ["setpriv", [...AS_POSTGRES, ...reading, command, ...args]];
}

/** Lets it write into a folder. */
export async function handOver(folder: string): Promise<void> {
  if (process.getuid?.() === 0) await run("chown", ["postgres:", folder]);
}

/** Debian keeps them out of the path, by version. */
function folderOfPrograms(): string {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...pathFolders()];
  const found = folders.find((folder) => existsSync(join(folder, "initdb")));
  if (found === undefined) throw new Error("There is no PostgreSQL here. Install it: `apt-get install postgresql`.");
  return found;
}

function pathFolders(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}
