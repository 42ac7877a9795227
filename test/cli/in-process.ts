/** Runs the command within this process: the same but for what only a process has. Spares the start of one. */
import { vi } from "vitest";
import { run } from "../../src/cli/program.js";
import { apis } from "../../src/sandbox/routes.js";
import type { Ended, Environment } from "./keysmith.js";

const variables = Object.values(apis).flatMap(({ credentialEnv, baseUrlEnv }) => [credentialEnv, baseUrlEnv]);

export async function inProcess(args: string[], { env = {} }: { env?: Environment } = {}): Promise<Ended> {
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  for (const name of new Set([...variables, ...Object.keys(env)])) vi.stubEnv(name, env[name]);
  for (const stream of ["stdout", "stderr"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => Boolean((ended[stream] += String(text))));
  }
  try {
    ended.code = await run(args);
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
  return ended;
}
