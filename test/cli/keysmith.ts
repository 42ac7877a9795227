/** Runs the command as users do, as a process of its own, against a served sandbox. */
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { variablesOf } from "../../src/cli/sandbox.js";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createSandbox, type ProviderName, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { Program, type Ended } from "../helpers/processes.js";
import { table, through } from "../helpers/providers.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
let command: Awaited<ReturnType<typeof bundled>>;

/** Where the bundled command is, once it is used in a file's tests. */
export function useCommand(): void {
  beforeAll(async () => {
    command = await bundled("src/cli/main.ts");
  });
  afterAll(() => command.remove());
}

export function commandFile(): string {
  return join(command.folder, "main.mjs");
}

/** What is loaded before the command looks at its arguments: of which files it is bundled, from where, and what else. */
export function loadedFirst(): { sources: string[]; bundles: string[]; imports: string[] } {
  const bundles = new Set([relative(repository, commandFile())]);
  const imports = new Set<string>();
  for (const bundle of bundles) {
    for (const { path, kind, external } of command.outputs[bundle]?.imports ?? []) {
      if (kind !== "dynamic-import") (external ? imports : bundles).add(path);
    }
  }
  return {
    sources: [...bundles].flatMap((bundle) => Object.keys(command.outputs[bundle]?.inputs ?? {})).sort(),
    bundles: [...bundles].map((bundle) => join(repository, bundle)),
    imports: [...imports],
  };
}

/** An empty folder, for as long as a test runs. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "keysmith-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export type Environment = Record<string, string | undefined>;

export interface Served {
  sandbox: Sandbox;
  /** The variables that lead there, with the sandbox's credentials. */
  env: Environment;
}

/**
 * Serves a sandbox for as long as a test runs.
 *
 * @param arriving told of each request before the sandbox is
 */
export async function served(
  sandbox: Sandbox = createSandbox(),
  arriving: (method: string, path: string) => unknown = () => undefined,
): Promise<Served> {
  const watched: Sandbox["fetch"] = async (input, init) => {
    // What is served is a request; another one of it would take its body.
    if (input instanceof Request) await arriving(input.method, new URL(input.url).pathname);
    return sandbox.fetch(input, init);
  };
  const { url, close } = await serveSandbox({ sandbox: { ...sandbox, fetch: watched } });
  onTestFinished(() => close());
  return { sandbox, env: variablesOf({ url, sandbox }) };
}

export interface RunOptions {
  env?: Environment;
  cwd?: string;
  stdin?: string;
  /** Given the process as soon as it runs, and all of its standard error, whenever it has said more. */
  watch?: (child: ChildProcess, stderr: string) => void;
}

export function keysmith(args: string[], { env = {}, cwd, stdin = "", watch }: RunOptions = {}): Promise<Ended> {
  return new Program(process.execPath, [commandFile(), ...args], {
    env: environment(env),
    cwd,
    stdin,
    watch: ({ child, stderr }) => watch?.(child, stderr),
  }).ended;
}

/** Nothing of whoever runs the tests, but what programs need. */
export function environment(env: Environment): Environment {
  return { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env };
}

/** Puts a key of this name there, and gives its id. */
export function issue(sandbox: Sandbox, provider: ProviderName, name: string): string {
  return table[provider].issue(sandbox, name).id;
}

/** The ids of a provider's keys but for the sandbox's own credential, without asking the command. */
export async function idsOf(sandbox: Sandbox, provider: ProviderName): Promise<string[]> {
  const keys = await table[provider].connect(through(sandbox, provider)).list().toArray();
  return keys.filter(({ name }) => name !== "sandbox").map(({ id }) => id);
}

/** The arguments that create a key, but for where its plaintext goes. */
export function creating(provider: ProviderName): string[] {
  return ["create", provider, "--name", "deploy", ...table[provider].flags.create];
}

/** Whose plaintext that is: what each provider's keys look like. */
export const PLAINTEXT = new RegExp(
  Object.values(table)
    .map(({ plaintext }) => plaintext.source)
    .join("|"),
);
