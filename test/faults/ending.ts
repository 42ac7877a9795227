/** Runs the program of `ending-process.ts` as a process of its own. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Origins } from "./server.js";

export interface Ending {
  /** What was not as expected while it ran. */
  problems: unknown;
  /** Null where it had to be killed. */
  code: number | null;
  stderr: string;
}

/** @param withinMs how long it may take from its last word to its end */
export async function endingOf(origins: Origins, withinMs: number): Promise<Ending> {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-faults-"));
  try {
    const program = join(folder, "program.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("ending-process.ts", import.meta.url))],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const child = spawn(process.execPath, [program, JSON.stringify(origins)], { stdio: ["ignore", "pipe", "pipe"] });
    let killing: NodeJS.Timeout | undefined;
    let stdout = "";
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.endsWith("\n")) killing ??= setTimeout(() => child.kill("SIGKILL"), withinMs);
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    clearTimeout(killing);
    return { problems: stdout === "" ? undefined : JSON.parse(stdout), code, stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}
