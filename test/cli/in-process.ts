/** Runs the command within this process: the same but for what only a process has. Spares the start of one. */
import { onTestFinished, vi } from "vitest";
import { run } from "../../src/cli/program.js";
import { apis } from "../../generated/apis.js";
import type { Ended } from "../helpers/processes.js";
import type { Environment } from "./keysmith.js";

const home = process.cwd();
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
const variables = [
  ...Object.values(apis).flatMap(({ credentialEnv, baseUrlEnv }) => [credentialEnv, baseUrlEnv]),
  ...PROXIES,
];

interface InProcessOptions {
  env?: Environment;
  cwd?: string;
}

/** With a `cwd`, one at a time: it is that of the whole process. */
export async function inProcess(args: string[], { env = {}, cwd }: InProcessOptions = {}): Promise<Ended> {
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  if (cwd !== undefined) {
    process.chdir(cwd);
    // Of a test that has run out of time, too.
    onTestFinished(() => process.chdir(home));
  }
  for (const name of new Set([...variables, ...Object.keys(env)])) vi.stubEnv(name, env[name]);
  for (const stream of ["stdout", "stderr"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => Boolean((ended[stream] += String(text))));
  }
  try {
    ended.code = await run(args);
  } finally {
    process.chdir(home);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
  return ended;
}
