/** Calls each peer in turn, round after round, and prints the processor's time for a call in each. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Given, Rounds } from "./calls.js";
import { BASE_URL } from "./peers.js";

const WARM_UP = 20;
const ROUNDS = 70;
/** Of all six operations, in a round. */
const TURNS = 40;

interface Operations {
  list: () => Promise<unknown>;
  create: (name: string) => Promise<unknown>;
  get: (id: string) => Promise<unknown>;
  update: (id: string, name: string) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
  current: () => Promise<unknown>;
}

const { modules, key, answers } = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as Given;
const headers = { "content-type": "application/json" };

function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  const [path = ""] = url.slice(BASE_URL.length).split("?");
  const { status, body } = answers[`${method} ${path}`] ?? missing(`${method} ${url}`);
  return Promise.resolve(new Response(body, { status, headers }));
}

/** Not thrown, since some peers would make a result of it. */
function missing(request: string): never {
  console.error(`${request} is no operation with an example in the spec.`);
  process.exit(1);
}

const peers: { name: string; operations: Operations }[] = [];
for (const [name, file] of Object.entries(modules)) {
  const { connect } = (await import(pathToFileURL(file).href)) as { connect: (fetch: typeof answer) => Operations };
  peers.push({ name, operations: connect(answer) });
}
const rounds: Rounds = Object.fromEntries(peers.map(({ name }) => [name, []]));
for (let round = -WARM_UP; round < ROUNDS; round++) {
  // Each begins as often as any other.
  const first = (round + WARM_UP) % peers.length;
  for (const { name, operations } of [...peers.slice(first), ...peers.slice(0, first)]) {
    const value = await microseconds(operations);
    if (round >= 0) rounds[name]?.push(value);
  }
}
console.log(JSON.stringify(rounds));

async function microseconds({ list, create, get, update, remove, current }: Operations): Promise<number> {
  const begun = process.cpuUsage();
  for (let turn = 0; turn < TURNS; turn++) {
    await list();
    await create(key.name);
    await get(key.hash);
    await update(key.hash, key.name);
    await remove(key.hash);
    await current();
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / (TURNS * 6);
}
