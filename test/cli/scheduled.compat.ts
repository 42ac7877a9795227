/** The daily job, killed at any of its requests: the store's key works at every moment, and the next days mend what is left. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSandbox, type ProviderName } from "../../src/sandbox/index.js";
import { table, through } from "../helpers/providers.js";
import { Program } from "../helpers/processes.js";
import { commandFile, environment, idsOf, served, temporaryFolder, useCommand } from "./keysmith.js";

useCommand();

const DAY_MS = 86_400_000;
const CREATED = Date.parse("2026-01-01T12:00:00Z");
/** No run sends more. */
const MOST_REQUESTS = 40;

interface Kill {
  provider: ProviderName;
  /** Of how many requests it is the last that is sent. */
  at: number;
  /** Whether the server has done what it was asked. */
  when: "before" | "after";
}

/** Runs the job on the day on which it is to rotate, killed, and on the next two. Gives whether it was killed before it ended. */
async function threeDays({ provider, at, when }: Kill): Promise<boolean> {
  const clock = { day: 0 };
  const sandbox = createSandbox({ now: () => CREATED + clock.day * DAY_MS });
  const cwd = await temporaryFolder();
  const file = join(cwd, ".env");
  const { id: first, secret } = table[provider].issue(sandbox, "ci");
  await writeFile(file, `API_KEY=${secret}\n`);
  clock.day = 30.1;

  let left = at;
  let victim: Program | undefined;
  const watched: typeof sandbox.fetch = async (input, init) => {
    left -= 1;
    if (left === 0 && when === "before") {
      victim?.child.kill("SIGKILL");
      return new Response(null, { status: 500 });
    }
    const response = await sandbox.fetch(input, init);
    if (left === 0) victim?.child.kill("SIGKILL");
    return response;
  };
  const { env } = await served({ ...sandbox, fetch: watched });
  const run = () =>
    new Program(
      process.execPath,
      [
        ...[commandFile(), "rotate", provider, "--dotenv", ".env", "--variable", "API_KEY"],
        ...["--older-than", "30d", "--retire-after", "24h", ...table[provider].flags.rotate],
      ],
      { env: environment(env), cwd },
    );
  const works = async () => {
    const apiKey = (await readFile(file, "utf8")).trim().replace("API_KEY=", "");
    const keys = table[provider].connect({ ...through(sandbox, provider), apiKey });
    await keys.read().catch((error: unknown) => {
      // Of what it may not read it is told so, which a key that is dead is not.
      expect(error).toMatchObject({ kind: "permission" });
    });
  };
  victim = run();
  const { code } = await victim.ended;
  victim = undefined;
  await works();
  for (const day of [31.2, 32.3]) {
    clock.day = day;
    expect(await run().ended).toMatchObject({ code: 0 });
    await works();
  }
  const ids = await idsOf(sandbox, provider);
  expect(ids).toHaveLength(1);
  expect(ids).not.toContain(first);
  return code === null;
}

it.each([
  { provider: "openrouter", when: "after" },
  { provider: "cockroach", when: "before" },
] as const)("killed $when the effect of any request to $provider", async ({ provider, when }) => {
  let at = 1;
  while (at < MOST_REQUESTS && (await threeDays({ provider, at, when }))) at += 1;
  // The last one had ended before it could be killed.
  expect(at).toBeGreaterThan(8);
  expect(at).toBeLessThan(MOST_REQUESTS);
});
