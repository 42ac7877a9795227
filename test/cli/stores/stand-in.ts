/**
 * The commands of stores, as far as the guide uses them: `node stand-in.mjs TOOL ARGUMENTS`. Each refuses what the real one
 * refuses, reads what the real one reads, and ends with its exit codes. What they hold is in the folder STAND_INS.
 */
import { fstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Failure } from "./scene.js";

const folder = process.env["STAND_INS"] ?? "";
const stored = join(folder, "stored");

/** What a tool is asked for, once its arguments are read. */
type Asked =
  /** What it prints of the value that is stored. */
  | { reads: (value: string) => string }
  /** What it stores, and then prints. */
  | { writes: string; prints: string }
  /** What it prints of something else. */
  | { prints: string };

class Refused extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Options = Record<string, { type: "string" | "boolean"; short?: string }>;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** @throws Refused where there are other options, or other arguments than these, of which undefined is any */
function read(args: string[], code: number, options: Options, want: readonly (string | undefined)[]) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length !== want.length || want.some((one, at) => (one ?? positionals[at]) !== positionals[at])) {
      throw new Error(`these are not the arguments: ${positionals.join(" ")}`);
    }
    return { values, last: positionals.at(-1) ?? "" };
  } catch (error) {
    throw new Refused(code, String(error));
  }
}

/** All of the standard input. */
const input = () => readFileSync(0, "utf8");

/** How often somebody has written. */
const version = () => Number(readFileSync(join(folder, "version"), "utf8"));

/** `vault` 1.11 and later: a KV engine of version 2 with `cas_required`. Its options have one dash. */
function vault(args: string[]): Asked {
  const [, action, ...rest] = args.map((arg) => arg.replace(/^-(?=[a-z])/, "--"));
  const place = { mount: text, format: text };
  if (action === "metadata") {
    const { values } = read(rest, 1, place, ["get", "openrouter"]);
    if (values["mount"] !== "secret" || values["format"] !== "json") throw new Refused(2, "No value found");
    return { prints: JSON.stringify({ data: { current_version: version() } }, null, 2) };
  }
  if (action === "get") {
    const { values } = read(rest, 1, { ...place, field: text }, ["openrouter"]);
    if (values["mount"] !== "secret") throw new Refused(2, "No value found at secret/data/openrouter");
    if (values["field"] !== "key") throw new Refused(1, `Field "${String(values["field"])}" not present in secret`);
    // Without a line's end, so that it can be piped.
    return { reads: (value) => value };
  }
  const { values, last } = read(rest, 1, { ...place, cas: text }, ["openrouter", undefined]);
  if (action !== "put" || values["mount"] !== "secret") throw new Refused(2, "no handler for route");
  if (!/^\d+$/.test(String(values["cas"]))) throw new Refused(1, 'invalid value for flag "cas"');
  if (last !== "key=-") throw new Refused(1, `Failed to parse K=V data: ${last}`);
  const value = input();
  if (Number(values["cas"]) !== version()) {
    throw new Refused(2, "check-and-set parameter did not match the current version");
  }
  return { writes: value, prints: `===== Secret Path =====\nsecret/data/openrouter\nversion ${version() + 1}\n` };
}

/** `aws` 2. It opens the file that is named, which standard input is not where that is a socket. */
function aws(args: string[]): Asked {
  const id = { "secret-id": text };
  const [service, action] = args;
  if (service !== "secretsmanager") throw new Refused(252, "argument command: Invalid choice");
  if (action === "get-secret-value") {
    const { values } = read(args, 252, { ...id, query: text, output: text }, [service, action]);
    if (values["query"] !== "SecretString" || values["output"] !== "text") throw new Refused(252, "this prints JSON");
    return { reads: (value) => `${value}\n` };
  }
  const { values } = read(args, 252, { ...id, "secret-string": text }, [service, "put-secret-value"]);
  const file = /^file:\/\/(.+)/.exec(String(values["secret-string"]))?.[1];
  if (file === undefined) throw new Refused(252, "the secret is an argument");
  let value: string;
  try {
    value = readFileSync(file, "utf8");
  } catch (error) {
    throw new Refused(252, `Error parsing parameter '--secret-string': Unable to load paramfile: ${String(error)}`);
  }
  if (value === "") throw new Refused(252, "Invalid length for parameter SecretString, value: 0, valid min length: 1");
  return { writes: value, prints: `${JSON.stringify({ Name: "openrouter", VersionStages: ["AWSCURRENT"] })}\n` };
}

/** `kubectl`: a secret with another field, which has to stay. */
function kubectl(args: string[]): Asked {
  const named = [undefined, "secret", "openrouter"];
  if (args[0] === "get") {
    const { values } = read(args, 1, { output: { ...text, short: "o" } }, named);
    const template = /^go-template=\{\{\.data\.(\w+) \| base64decode\}\}$/.exec(String(values["output"]));
    if (template?.[1] !== "key") throw new Refused(1, "error: error executing template");
    return { reads: (value) => value };
  }
  const { values } = read(args, 1, { "patch-file": text, patch: { ...text, short: "p" } }, named);
  if (args[0] !== "patch" || typeof values["patch-file"] !== "string") throw new Refused(1, "error: must specify");
  let patch: unknown;
  try {
    patch = JSON.parse(readFileSync(values["patch-file"], "utf8"));
  } catch (error) {
    throw new Refused(1, `error: unable to read patch file: ${String(error)}`);
  }
  const { data, ...rest } = patch as { data?: Record<string, string> };
  const { key, ...others } = data ?? {};
  if (key === undefined || Object.keys({ ...rest, ...others }).length > 0)
    throw new Refused(1, "changes another field");
  if (Buffer.from(key, "base64").toString("base64") !== key) throw new Refused(1, "illegal base64 data");
  return { writes: Buffer.from(key, "base64").toString(), prints: "secret/openrouter patched\n" };
}

/** `op` 2: what is edited by standard input is the whole item. */
function op(args: string[]): Asked {
  const item = (value: string) => ({
    id: "a5kz",
    title: "openrouter",
    category: "API_CREDENTIAL",
    fields: [
      { id: "username", type: "STRING", label: "username", value: 'the "app"' },
      { id: "credential", type: "CONCEALED", label: "credential", value },
    ],
  });
  if (args[0] === "read") {
    const { last } = read(args, 1, {}, ["read", undefined]);
    if (last !== "op://ci/openrouter/credential") throw new Refused(1, `could not read secret ${last}`);
    return { reads: (value) => `${value}\n` };
  }
  const { values } = read(args, 1, { vault: text, format: text }, ["item", undefined, "openrouter"]);
  if (values["vault"] !== "ci") throw new Refused(1, '"openrouter" isn\'t an item');
  if (args[1] === "get") return { reads: (value) => `${JSON.stringify(item(value), null, 2)}\n` };
  const given = input();
  // Nothing to edit it by: it stays as it is.
  if (given.trim() === "") return { prints: "" };
  const edited = JSON.parse(given) as ReturnType<typeof item>;
  const value = edited.fields[1]?.value ?? "";
  if (JSON.stringify(edited) !== JSON.stringify(item(value))) throw new Refused(1, "something else was changed");
  return { writes: value, prints: JSON.stringify(item(value)) };
}

/** `doppler` 3: it prints the value that was set unless it is to be silent. */
function doppler(args: string[]): Asked {
  const [, action] = args;
  if (action === "get") {
    read(args, 1, { plain: flag, raw: flag }, ["secrets", "get", "OPENROUTER_API_KEY"]);
    return { reads: (value) => `${value}\n` };
  }
  const options = { "no-interactive": flag, silent: flag };
  const { values } = read(args, 1, options, ["secrets", "set", "OPENROUTER_API_KEY"]);
  if (fstatSync(0).isCharacterDevice())
    throw new Refused(1, "Secret value must be provided when using --no-interactive");
  const value = input().replace(/\n$/, "");
  return { writes: value, prints: values["silent"] === true ? "" : `| OPENROUTER_API_KEY | ${value} |\n` };
}

/** `glab`: a variable that is masked, protected and raw, which `update` turns off unless it is told. */
function glab(args: string[]): Asked {
  if (args[1] === "get") {
    read(args, 1, { scope: text }, ["variable", "get", "OPENROUTER_API_KEY"]);
    return { reads: (value) => value };
  }
  const options = { masked: flag, protected: flag, raw: flag, scope: text, value: text };
  const { values } = read(args, 1, options, ["variable", "update", "OPENROUTER_API_KEY"]);
  if (!(values["masked"] && values["protected"] && values["raw"]))
    throw new Refused(1, "it would not be masked any more");
  return { writes: input().trim(), prints: "✓ Updated variable OPENROUTER_API_KEY for project a/b with scope *.\n" };
}

/** `gh` 2, which has no way to read a secret. It prints nothing where there is no terminal. */
function gh(args: string[]): Asked {
  if (!process.env["GH_TOKEN"])
    throw new Refused(4, "gh: To use GitHub CLI in a GitHub Actions workflow, set GH_TOKEN");
  if (process.env["GH_REPO"] !== "owner/name") throw new Refused(1, "failed to run git: not a git repository");
  read(args, 1, { body: { ...text, short: "b" } }, ["secret", "set", "OPENROUTER_API_KEY"]);
  return { writes: input().replace(/[\r\n]+$/, ""), prints: "" };
}

const tools = { vault, aws, kubectl, op, doppler, glab, gh };
/** With which a service's own error ends each. */
const failureCodes = { vault: 2, aws: 254, kubectl: 1, op: 1, doppler: 1, glab: 1, gh: 1 };

export type Tool = keyof typeof tools;

/** The failure that is to happen, if it is of this kind: it happens once. */
function failing(...kinds: Failure[]): Failure | undefined {
  const file = join(folder, "failure");
  const failure = readFileSync(file, "utf8") as Failure;
  if (!kinds.includes(failure)) return undefined;
  writeFileSync(file, "");
  return failure;
}

function run(tool: Tool, args: string[]): void {
  const failed = new Refused(failureCodes[tool], "the service did not answer");
  const asked = tools[tool](args);
  if ("reads" in asked) {
    if (failing("no first read") || (version() > 1 && failing("no read once it has written"))) throw failed;
    process.stdout.write(asked.reads(readFileSync(stored, "utf8")));
  } else if ("writes" in asked) {
    if (failing("no write")) throw failed;
    writeFileSync(stored, asked.writes);
    writeFileSync(join(folder, "version"), String(version() + 1));
    const failure = failing("an error once it has written", "killed once it has written");
    if (failure === "killed once it has written") process.kill(process.pid, "SIGKILL");
    if (failure) throw failed;
    process.stdout.write(asked.prints);
  } else {
    process.stdout.write(asked.prints);
  }
}

const [tool, ...args] = process.argv.slice(2);
try {
  run(tool as Tool, args);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
