/** `keysmith sandbox`: serves the sandbox until it is interrupted, or for a command. */
import { networkInterfaces } from "node:os";
import { apiOf } from "../registry.js";
import type { Fault, Sandbox, SandboxOptions } from "../sandbox/index.js";
import { prefixOf, simulated } from "../sandbox/routes.js";
import { CommandError, UsageError } from "./errors.js";
import { isSystemError } from "../files/system-errors.js";
import type { Options } from "./options.js";
import { rateLimitIn } from "./rate-limit.js";
import { controlOf, RestartableSandbox, timeIn, type Beginning } from "./sandbox-control.js";
import { runFor } from "./sandbox-command.js";
import { faultIn } from "./sandbox-faults.js";
import { seedsIn } from "./sandbox-seeds.js";
import { serveSandbox, type ServedSandbox } from "./serve-sandbox.js";
import { note, print } from "./show/output.js";

const PORT = 4010;

/**
 * Gives the exit code: the command's own, or 0 after an interrupt.
 *
 * @param command what it is served for; until it is interrupted where there is none
 */
export async function runSandbox(command: readonly string[], options: Options): Promise<number> {
  if (command[0] === "") throw new UsageError("The command is empty. Give a program behind --.");
  const port = options.port === undefined ? (command.length > 0 ? 0 : PORT) : portIn(options.port);
  const { host = "127.0.0.1" } = options;
  const sandbox = begun({
    seeds: options.seed === undefined ? [] : await seedsIn(options.seed),
    faults: (options.fault ?? []).map((text) => saying(`--fault ${text}`, () => faultIn(text))),
    rateLimit: limitIn(options.rateLimit),
    now: options.now === undefined ? undefined : saying(`--now ${options.now}`, () => timeIn(options.now)),
  });
  // A new one takes the place of an earlier one, with the same credentials.
  const serving: Sandbox = { ...sandbox.current, fetch: (...request) => sandbox.current.fetch(...request) };
  let url = "";
  const leading = () => ({ KEYSMITH_SANDBOX_URL: url, ...variablesOf({ url, sandbox: serving }) });
  const control = controlOf(sandbox, leading, options.remoteControl === true);
  const served = await listening({ port, host, sandbox: serving, control });
  ({ url } = served);
  const variables = { ...leading(), ...sandbox.variables };
  try {
    if (command.length > 0) return await runFor(command, variables);
    const interrupted = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    // In one piece: whoever waits for something to be there has all of it.
    print(
      Object.entries(variables)
        .map(([name, value]) => `export ${name}=${value}`)
        .join("\n"),
    );
    note(`The sandbox listens at ${url}. Ctrl-C ends it.`);
    if (!isLoopback(host)) note(whoReaches(host, new URL(url).port));
    await interrupted;
    return 0;
  } finally {
    await served.close();
  }
}

function begun(beginning: Beginning): RestartableSandbox {
  try {
    return new RestartableSandbox(beginning);
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(`The sandbox cannot begin so: ${error.message}.`, { cause: error });
    throw error;
  }
}

async function listening(options: Parameters<typeof serveSandbox>[0] & { port: number; host: string }) {
  try {
    return await serveSandbox(options);
  } catch (error) {
    const { port, host } = options;
    const problem = isSystemError(error, "EADDRINUSE")
      ? `Port ${port} of ${host} is in use. Choose another with --port, or --port 0 for any that is free.`
      : `Cannot listen at ${host}, port ${port}: ${String(error)}`;
    throw new CommandError(problem, { cause: error });
  }
}

/** The environment variables that lead to a served sandbox. */
export function variablesOf({ url, sandbox }: Pick<ServedSandbox, "url" | "sandbox">): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { provider, baseUrlEnv, credentialEnv, parents = {} } of simulated().map(apiOf)) {
    // Providers that share a variable have one API, and the place of any of them leads to all.
    variables[baseUrlEnv] ??= url + prefixOf(provider);
    variables[credentialEnv] ??= sandbox.credentials[provider];
    for (const { option, env } of Object.values(parents)) {
      const parent = sandbox.parents[provider][option];
      if (env !== undefined && parent !== undefined) variables[env] ??= parent;
    }
  }
  return variables;
}

function portIn(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port is ${text}: give a whole number from 0 to 65535.`);
}

function limitIn(text: string | undefined): SandboxOptions["rateLimit"] {
  return text === undefined || text === "published" ? text : rateLimitIn(text, ", or published");
}

function saying<T extends Fault | number>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${what}: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

/** Who else can use a sandbox that does not listen on loopback alone, and how. */
function whoReaches(host: string, port: string): string {
  const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter((one) => !one.internal),
  );
  const at = others
    .filter(({ family }) => host === "::" || (host === "0.0.0.0" && family === "IPv4"))
    .map(({ address, family }) => `http://${family === "IPv6" ? `[${address}]` : address}:${port}`);
  const places = at.length > 0 ? ` From other machines: ${at.join(", ")}.` : "";
  return `Whoever reaches port ${port} of this machine can use it, and its credentials are no secrets.${places} keysmith there needs --allow-insecure.`;
}
