import { spawn } from "node:child_process";

export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}

/** Runs a program to its end and gives what it printed. @throws with that where it fails or takes too long. */
export function run(command: string, args: string[], { cwd, env, timeoutMs = 300_000 }: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(" ")}: ended with ${String(signal ?? code)}\n${output}`));
    });
  });
}

/** The environment of this process without npm's settings, which `npm run` hands on, and without credentials. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^npm_|_(API_KEY|MANAGEMENT_KEY|BASE_URL)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)));
}
