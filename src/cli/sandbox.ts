/** `npm run sandbox [-- --port 4010]`: serves the sandbox until it is interrupted. */
import { parse } from "node:path";
import { parseArgs } from "node:util";
import { apiOf } from "../registry.js";
import { prefixOf, simulated } from "../sandbox/routes.js";
import { serveSandbox, type ServedSandbox } from "./serve-sandbox.js";

const help = `Serves a sandbox of every provider, in memory, until it is interrupted.

  --port PORT     the port to listen at, 0 for any that is free; 4010 unless given
  --host ADDRESS  the address to listen at; 127.0.0.1 unless given
  --help          shows this

Prints the export lines of the base URLs and credentials, for a shell to read.
`;

/** Gives the exit code: 0 after an interrupt, 1 where it cannot listen, 2 for wrong arguments. */
export async function runSandbox(args: string[]): Promise<number> {
  const options = read(args);
  if (typeof options === "string") {
    console.error(`${options}\nSee --help.`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const { port, host } = options;
  let served: ServedSandbox;
  try {
    served = await serveSandbox({ port, host });
  } catch (error) {
    const inUse = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    console.error(
      inUse
        ? `Port ${port} of ${host} is in use. Choose another with --port, or --port 0 for any that is free.`
        : `Cannot listen at ${host}, port ${port}: ${String(error)}`,
    );
    return 1;
  }
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const variables = Object.entries(variablesOf(served));
  // In one piece: whoever waits for something to be there has all of it.
  console.log(variables.map(([name, value]) => `export ${name}=${value}`).join("\n"));
  console.error(`The sandbox listens at ${served.url}. Ctrl-C ends it.`);
  await interrupted;
  await served.close();
  return 0;
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

interface Options {
  port: number;
  host: string;
  help: boolean;
}

/** A text says what is wrong with the arguments. */
function read(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: "string", default: "4010" },
        host: { type: "string", default: "127.0.0.1" },
        help: { type: "boolean", default: false },
      },
    });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535) {
      return `--port is ${values.port}: give a whole number from 0 to 65535.`;
    }
    return { ...values, port };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// The program itself, and not a command that this is part of.
if (parse(process.argv[1] ?? "").name === "sandbox") {
  process.exitCode = await runSandbox(process.argv.slice(2));
}
