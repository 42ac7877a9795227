/** The lines of the guide's page on stores, and a folder in which they run: with a store, its command, and a sandbox. */
import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { createSandbox } from "../../../src/sandbox/index.js";
import { Program, type Ended } from "../../helpers/processes.js";
import { table, through } from "../../helpers/providers.js";
import { commandFile, environment, idsOf, served, temporaryFolder } from "../keysmith.js";
import type { Tool } from "./stand-in.js";

export const PAGE = "docs/guide/stores.md";

/** What a store's command does wrong, once. */
export type Failure =
  | "no first read"
  | "no write"
  | "an error once it has written"
  | "killed once it has written"
  | "no read once it has written";

/** What stands in the page for a store. */
export interface Recipe {
  /** Files that it has beside, by name. */
  scripts: Record<string, string>;
  /** The job: what it is run by, and what that is given. */
  run: [program: string, ...args: string[]];
  /** The environment that the job is given, of what the store holds. */
  env: (stored: string) => Record<string, string>;
}

interface Workflow {
  jobs: { rotate: { steps: [{ env: Record<string, string>; run: string }] } };
}

/** Every recipe of the page, by its heading. */
export function recipes(): Record<string, Recipe> {
  const [, ...sections] = readFileSync(PAGE, "utf8").split(/^## /m);
  return Object.fromEntries(sections.map((section) => [section.split("\n", 1)[0] ?? "", recipeOf(section)] as const));
}

function recipeOf(section: string): Recipe {
  const blocks = Array.from(section.matchAll(/^```(?:sh|yaml)\n([^]*?)^```$/gm), ([, text = ""]) => text);
  const job = blocks.pop() ?? "";
  const script = /script, `([\w.-]+)`/.exec(section)?.[1];
  const scripts = script === undefined ? {} : { [script]: blocks[0] ?? "" };
  if (!job.startsWith("name:")) return { scripts, run: ["sh", "-c", job], env: () => ({}) };
  const [step] = (load(job) as Workflow).jobs.rotate.steps;
  const env = (stored: string) => {
    const known: Record<string, string> = {
      "secrets.OPENROUTER_API_KEY": stored,
      "secrets.ROTATION_TOKEN": "a-token-that-may-write",
      "github.repository": "owner/name",
    };
    const given = Object.entries(step.env).map(([name, value]) => {
      return [name, value.replace(/\$\{\{ (.+?) \}\}/g, (_, of: string) => known[of] ?? "")] as const;
    });
    // What the served sandbox takes is given to every job.
    return Object.fromEntries(given.filter(([name]) => name !== "OPENROUTER_MANAGEMENT_KEY"));
  };
  // As a runner does, by its documentation.
  return { scripts, run: ["bash", "-e", "-c", step.run], env };
}

const DAY_MS = 86_400_000;
const CREATED = Date.parse("2026-01-01T12:00:00Z");

/** Programs of the system's that the lines use: they run, and what they are given is noted. */
const system = ["base64", "cat", "jq", "mv", "printenv", "rm", "sed", "tee", "tr"];

/** Those that a key goes through. */
export const FILTERS = ["base64", "cat", "jq", "sed", "tee", "tr"] as const;

/** A store that holds a key, and the means to run the recipe on a day after the key was made. */
export async function scene({ scripts, run, env }: Recipe, tool: Tool, standIn: string) {
  const clock = { day: 0 };
  const sandbox = createSandbox({ now: () => CREATED + clock.day * DAY_MS });
  const { env: variables } = await served(sandbox);
  const first = table.openrouter.issue(sandbox, "ci");
  const cwd = await temporaryFolder();
  const folder = await temporaryFolder();
  const bin = join(folder, "bin");
  await mkdir(bin);
  const file = (name: string) => join(folder, name);
  await Promise.all([
    writeFile(file("stored"), first.secret),
    writeFile(file("version"), "1"),
    writeFile(file("failure"), ""),
    writeFile(file("arguments"), ""),
  ]);
  const program = async (path: string, text: string) => {
    await writeFile(path, text);
    await chmod(path, 0o755);
  };
  const path = process.env["PATH"] ?? "";
  const logging = (name: string, command: string) =>
    program(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "$STAND_INS/arguments"\n${command}\n`);
  for (const name of system) await logging(name, `PATH='${path}' exec ${name} "$@"`);
  await logging(tool, `exec '${process.execPath}' '${standIn}' ${tool} "$@"`);
  await logging("keysmith", `exec '${process.execPath}' '${commandFile()}' "$@"`);
  await logging("npx", '[ "$1" = --yes ] && shift\nexec "$@"');
  for (const [name, text] of Object.entries(scripts)) await program(join(cwd, name), text);

  const stored = () => readFile(file("stored"), "utf8");
  return {
    sandbox,
    first,
    stored,
    /** From now on, this program is killed before it passes anything on. A `cat` of a file is another one. */
    kill: (name: (typeof FILTERS)[number]) =>
      program(
        join(bin, name),
        `#!/bin/sh\n[ "${name} $#" = "cat 1" ] || kill -9 $$\nPATH='${path}' exec ${name} "$@"\n`,
      ),
    fail: (failure: Failure) => writeFile(file("failure"), failure),
    on: async (day: number): Promise<Ended> => {
      clock.day = day;
      const given = { ...variables, ...env(await stored()), PATH: `${bin}:${path}`, STAND_INS: folder };
      const [command, ...args] = run;
      return new Program(command, args, { env: environment(given), cwd }).ended;
    },
    /** Everything that was an argument of a program. */
    shownArguments: () => readFile(file("arguments"), "utf8"),
    ids: () => idsOf(sandbox, "openrouter"),
    /** Fails where what the store holds is no key that works. */
    works: async () => {
      const apiKey = await stored();
      await table.openrouter.connect({ ...through(sandbox, "openrouter"), apiKey }).read();
    },
  };
}
