import type { EventEmitter } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from "vitest";
import { findOrphans, unleash } from "../../src/index.js";
import { sha256 } from "../../src/sha256.js";
import { bundled } from "../helpers/bundled.js";
import { Program } from "../helpers/processes.js";
import { startUnleash } from "./unleash.js";

/** Unleash's own client, which is installed for this tier alone. */
const { initialize } = createRequire(import.meta.url)("unleash-client") as {
  initialize: (options: object) => EventEmitter & { destroy: () => void };
};
const { url: baseUrl, credential: apiKey, databaseUrl } = inject("live");
const keys = unleash({ baseUrl, apiKey });
const KILLS = 25;
const SEED = 20_261_126;

let folder: string;
let programs: Awaited<ReturnType<typeof bundled>>;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keysmith-live-"));
  programs = await bundled("test/live/rotating-process.ts");
  script = join(programs.folder, "rotating-process.mjs");
});
afterAll(async () => {
  await programs.remove();
  await rm(folder, { recursive: true });
});

/** Numbers from 0 to 1 that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function statusFor(token: string, server: string): Promise<number> {
  return (await fetch(`${server}/api/client/features`, { headers: { authorization: token } })).status;
}

it(`a process that rotates is killed ${KILLS} times: what the store holds works at every moment, and running again heals`, async () => {
  const file = join(folder, "token");
  const first = await keys.create({ name: "killed", type: "client", environment: "development" });
  await writeFile(file, first.secret.reveal());
  const start = () => {
    const program = new Program(process.execPath, [script, baseUrl, apiKey, file]);
    onTestFinished(() => void program.end("SIGKILL"));
    return program;
  };
  const isHeld = async () => sha256(await readFile(file, "utf8"));
  const listed = async () => (await keys.list().toArray()).filter(({ name }) => name === "killed").map(({ id }) => id);

  // It takes its token from the store for each request.
  const refused: unknown[] = [];
  let answered = 0;
  const application = initialize({
    url: `${baseUrl}/api`,
    appName: "keysmith",
    refreshInterval: 100,
    disableMetrics: true,
    customHeadersFunction: async () => ({ Authorization: await readFile(file, "utf8") }),
  });
  onTestFinished(() => application.destroy());
  application.on("error", (error: unknown) => refused.push(error));
  application.on("unchanged", () => answered++);

  // The server takes a deleted token for another minute, so whether it is there is asked as well, without an end.
  const done = { yet: false };
  onTestFinished(() => void (done.yet = true));
  let looks = 0;
  const looking = (async () => {
    while (!done.yet) {
      const before = await isHeld();
      const ids = await listed();
      // What is stored meanwhile was made before that.
      if (!ids.includes(before) && before === (await isHeld())) refused.push(`${before} is not there`);
      looks++;
    }
  })();

  const next = random(SEED);
  let lasts: number | undefined;
  let unfinished = 0;
  for (let killed = 0; killed < KILLS;) {
    const program = start();
    await program.printed("rotating");
    const began = performance.now();
    const timer = lasts && setTimeout(() => program.child.kill("SIGKILL"), next() * lasts);
    const { code } = await program.ended;
    clearTimeout(timer);
    if (code === 0) lasts = performance.now() - began;
    else if (code !== null) expect(program.output).toContain("RotationPendingError");
    else {
      killed++;
      if ((await listed()).length > 1) unfinished++;
    }
  }
  // What is pending is judged by whole seconds.
  let healed = start();
  while ((await healed.ended).code !== 0) {
    expect(healed.output).toContain("RotationPendingError");
    healed = start();
  }
  done.yet = true;
  await looking;
  application.destroy();

  expect(refused).toEqual([]);
  expect(Math.min(answered, looks, unfinished)).toBeGreaterThan(0);
  const held = await isHeld();
  expect(await listed()).toEqual([held]);
  const found = await findOrphans(keys, { held: (id) => id === held, minAgeMs: 0 });
  const verdicts = found.filter(({ key }) => key.name === "killed").map(({ key, verdict }) => [key.id, verdict]);
  expect(verdicts).toEqual([[held, "complete"]]);

  // One that knows of no token what it was before.
  const other = await startUnleash(databaseUrl);
  try {
    expect(await statusFor(await readFile(file, "utf8"), other.url)).toBe(200);
    expect(await statusFor(first.secret.reveal(), other.url)).toBe(401);
  } finally {
    await other.stop();
  }
}, 240_000);
