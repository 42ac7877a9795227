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
  { requests: 10, answersIn: 0, stallMs: 0 },
  { requests: 100, answersIn: 0, stallMs: 0 },
  // What is under way meanwhile arrives all at once.
  { requests: 100, answersIn: 0, stallMs: 800 },
  { requests: 100, answersIn: 200, stallMs: 0 },
])("$requests a second, answered in $answersIn ms, by a server that stands still for $stallMs ms", async (row) => {
  const arrived: number[] = [];
  const server = createServer((_, response) => {
    arrived.push(performance.now());
    setTimeout(() => response.end("{}"), row.answersIn * (0.5 + Math.random()));
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
