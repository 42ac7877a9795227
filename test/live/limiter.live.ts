/** A limit that several machines share, as counted at the server. */
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { bundled } from "../helpers/bundled.js";
import { listen } from "../helpers/loopback.js";
import { Program } from "../helpers/processes.js";
import { busiest } from "./busiest.js";
import { startPostgres, type Postgres } from "./postgres.js";

const MACHINES = 4;
const MS = 10_000;

let postgres: Postgres;
let programs: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  postgres = await startPostgres();
  programs = await bundled("test/live/limiter-process.ts");
});
afterAll(async () => {
  await programs.remove();
  await postgres.stop();
});

it.each([
  { requests: 10, lateMs: 0, answersIn: 0, stallMs: 0 },
  { requests: 100, lateMs: 0, answersIn: 0, stallMs: 0 },
  // As many as slots leave room for at once.
  { requests: 20, lateMs: 60, answersIn: 0, stallMs: 0 },
  // What is under way meanwhile arrives all at once.
  { requests: 100, lateMs: 0, answersIn: 0, stallMs: 800 },
  { requests: 100, lateMs: 0, answersIn: 200, stallMs: 0 },
])("$requests a second, some $lateMs ms late, answered in $answersIn ms, stalled for $stallMs ms", async (row) => {
  const arrived: number[] = [];
  const server = createServer((_, response) => {
    const arrive = () => {
      arrived.push(performance.now());
      setTimeout(() => response.end("{}"), row.answersIn * (0.5 + Math.random()));
    };
    if (Math.random() < 1 / 3) setTimeout(arrive, row.lateMs * Math.random());
    else arrive();
  });
  const { url, close } = await listen(server);
  onTestFinished(close);
  const stalls = setInterval(() => {
    for (const end = performance.now() + row.stallMs; performance.now() < end;);
  }, 3_000);
  onTestFinished(() => clearInterval(stalls));
  const given = [postgres.url, url, String(row.requests), String(MS)];
  const machines = Array.from(
    { length: MACHINES },
    () => new Program(process.execPath, [join(programs.folder, "limiter-process.mjs"), ...given]),
  );
  for (const { ended } of machines) expect(await ended).toMatchObject({ code: 0, stderr: "" });
  expect(busiest(arrived)).toBeLessThanOrEqual(row.requests);
  // How much of the limit is used, fleet-limit.live.ts judges: here, other work may hold these processes up.
  expect(arrived.length).toBeGreaterThan((row.requests * MS) / 1_000 / 3);
});
