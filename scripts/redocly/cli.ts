/** The pinned Redocly CLI as a child process, for what its library does not offer: `diff`, `respect`, `build-docs`, annotations. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const folder = dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json"));

export interface Ended {
  /** Null if it was killed, or could not be started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export function redocly(cwd: string, args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    // Documents like ours are done sooner than V8 has optimized anything: that would take another half of the time.
    const child = spawn(process.execPath, ["--no-opt", join(folder, "bin/cli.js"), ...args], {
      cwd,
      // Neither usage figures nor a look for updates leaves the machine.
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
