/** Programs of the benchmark that have a process of their own, so that nothing else that was measured before is in it. */
import { join } from "node:path";
import { run } from "../helpers/processes.js";
import { projectRoot } from "../../scripts/project/project.js";

/** How long one may take on a machine that has other work, too. */
const LONGEST_MS = 1_200_000;

/** Runs one to its end and gives what it printed last: a line of JSON. */
export async function inProcess(file: string, args: string[], flags: string[] = []): Promise<unknown> {
  const root = projectRoot();
  const { stdout } = await run(process.execPath, [...flags, join(root, "scripts/run.js"), file, ...args], {
    cwd: root,
    timeoutMs: LONGEST_MS,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
