import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { bundled } from "../helpers/bundled.js";
import { Program } from "../helpers/processes.js";
import { rotators, type Rotator } from "../rotation/rotators.js";
import { prefixOf } from "../../src/sandbox/routes.js";

let folder: string;
let program: string;
beforeAll(async () => {
  const { folder: bundle, remove } = await bundled("test/slow/rotating-process.ts");
  program = join(bundle, "rotating-process.mjs");
  folder = await mkdtemp(join(tmpdir(), "keysmith-slow-"));
  return async () => {
    await remove();
    await rm(folder, { recursive: true });
  };
});

interface Scene {
  sandbox: Sandbox;
  old: { id: string; secret: string };
  /** Starts a process that rotates the key. */
  start: () => Program;
  stored: () => Promise<{ id: string; secret: string }>;
}

/** A served sandbox, a key and a file that holds it, for one scenario. `edge` sees each request as it passes. */
async function staged(
  rotator: Rotator,
  scenario: (scene: Scene) => Promise<void>,
  edge: (pass: () => Promise<Response>) => Promise<Response> = (pass) => pass(),
): Promise<void> {
  const sandbox = createSandbox();
  const watched: Sandbox = { ...sandbox, fetch: (input, init) => edge(() => sandbox.fetch(input, init)) };
  const server = await serveSandbox({ port: 0, sandbox: watched });
  const old = rotator.issue(sandbox);
  const file = join(await mkdtemp(join(folder, "store-")), "key.json");
  await writeFile(file, JSON.stringify(old));
  try {
    await scenario({
      sandbox,
      old,
      start: () => {
        const { provider } = rotator;
        const args = [program, provider, server.url + prefixOf(provider), sandbox.credentials[provider], old.id, file];
        return new Program(process.execPath, args);
      },
      stored: async () => JSON.parse(await readFile(file, "utf8")) as { id: string; secret: string },
    });
  } finally {
    await server.close();
  }
}

async function expectSafe(rotator: Rotator, { sandbox, old, stored }: Scene): Promise<void> {
  const { id, secret } = await stored();
  expect(await rotator.works(sandbox, secret)).toBe(true);
  const found = await rotator.findOrphans(sandbox, { held: (of) => of === id, minAgeMs: 0 });
  const orphans = found.filter(({ verdict }) => verdict === "orphan").map(({ key }) => key.id);
  const strangers = (await rotator.list(sandbox)).filter((key) => key.trace !== undefined && key.id !== id);
  expect(orphans).toEqual(strangers.map((key) => key.id));
  expect(orphans).not.toContain(old.id);
}

describe.each(rotators)("a rotating process ($provider)", (rotator) => {
  it.concurrent.each(
    rotator.sequence.flatMap((operation, index) => [
      { at: index + 1, edge: "before", operation },
      { at: index + 1, edge: "after", operation },
    ]),
  )("killed $edge the effect of request $at ($operation): the store holds a working key", async ({ at, edge }) => {
    let requests = 0;
    let kill: () => unknown = () => undefined;
    await staged(
      rotator,
      async (scene) => {
        const child = scene.start();
        kill = () => child.end("SIGKILL");
        expect(await child.ended).toMatchObject({ code: null });
        await expectSafe(rotator, scene);
      },
      async (pass) => {
        if (++requests < at) return pass();
        if (requests === at && edge === "after") await pass();
        kill();
        return new Promise<Response>(() => undefined);
      },
    );
  });

  it.concurrent("killed at 200 random moments: the store holds a working key each time", async () => {
    // How long it takes, so that the moments fall into it, start-up excluded.
    let longest = 0;
    for (let round = 0; round < 200; round++) {
      let began = 0;
      let kill: () => unknown = () => undefined;
      await staged(
        rotator,
        async (scene) => {
          const child = scene.start();
          kill = () => child.end("SIGKILL");
          const { code } = await child.ended;
          if (code === 0) longest = Math.max(longest, performance.now() - began);
          await expectSafe(rotator, scene);
        },
        (pass) => {
          if (began === 0) {
            began = performance.now();
            if (round > 0) setTimeout(() => kill(), Math.random() * longest);
          }
          return pass();
        },
      );
    }
    expect(longest).toBeGreaterThan(0);
  });

  it.concurrent("racing another one for the same key, 50 times: never two successes, access never lost", async () => {
    const successes: number[] = [];
    for (let round = 0; round < 50; round++) {
      await staged(rotator, async (scene) => {
        const ended = await Promise.all([scene.start().ended, scene.start().ended]);
        successes.push(ended.filter(({ code }) => code === 0).length);
        expect(await rotator.works(scene.sandbox, (await scene.stored()).secret)).toBe(true);
      });
    }
    expect(Math.max(...successes)).toBeLessThanOrEqual(1);
    // They do not stop each other every time, either.
    expect(Math.max(...successes)).toBe(1);
  });
});
