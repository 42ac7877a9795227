import { join } from "node:path";
import { closedPort } from "../helpers/loopback.js";
import { Program } from "../helpers/processes.js";
import { atMost, below, median, times, type Benchmark, type Row } from "./benchmark.js";
import type { ServedKeys } from "./lists.js";
import type { Workplace } from "./workplace.js";

const ROUNDS = 5;
const REQUESTS = 240;
const AT_ONCE = 8;

const BARE = "a bare node:http server";
const SANDBOX = "keysmith's sandbox";
const PRISM = "Prism";

interface Served {
  /** What answers a GET with a key. */
  url: string;
  apiKey: string;
  end: () => Promise<unknown>;
}

export const sandboxes: Benchmark = {
  name: "sandboxes",
  how:
    `GET of one key of OpenRouter over HTTP on loopback, ${REQUESTS} requests, ${AT_ONCE} at once, each server in a process of its own: the ` +
    "sandbox, a bare server of Node's that answers every request with the same text, and Prism, which mocks the same spec. The " +
    `ratios are medians of ${ROUNDS} rounds, in each of which all are asked one after another.`,
  measure: async (workplace) => {
    const servers = new Map<string, Served>();
    try {
      servers.set(SANDBOX, await ours(workplace));
      servers.set(PRISM, await prism(workplace));
      const text = await answerOf(servers.get(SANDBOX));
      servers.set(BARE, await bare(workplace, text));
      const taken = new Map(Array.from(servers.keys(), (name) => [name, [] as number[]]));
      // The first round warms up.
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [name, server] of servers) {
          const ms = await asked(server);
          if (round > 0) taken.get(name)?.push(ms);
        }
      }
      const of = (name: string) => taken.get(name) ?? [];
      const ratio = (to: string) => median(of(SANDBOX).map((ms, round) => ms / (of(to)[round] ?? NaN)));
      return [
        below(`time per request, to ${PRISM}`, ratio(PRISM), 1, times),
        atMost(`time per request, to ${BARE}`, ratio(BARE), 4, times),
        ...Array.from(servers.keys(), (what): Row => {
          const perSecond = (REQUESTS / median(of(what))) * 1_000;
          return { what, figure: `${Math.round(perSecond).toLocaleString("en")} requests a second` };
        }),
      ];
    } finally {
      for (const { end } of servers.values()) await end();
    }
  },
};

async function asked(server: Served): Promise<number> {
  const begun = performance.now();
  const each = async () => {
    for (let request = 0; request < REQUESTS / AT_ONCE; request++) await answerOf(server);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, each));
  return performance.now() - begun;
}

async function answerOf(server: Served | undefined): Promise<string> {
  const { url = "", apiKey = "" } = server ?? {};
  const response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

async function ours({ root }: Workplace): Promise<Served> {
  const args = [join(root, "scripts/run.js"), "test/bench/serve-process.ts", "10"];
  const server = new Program(process.execPath, args, { cwd: root, messages: true });
  const [{ baseUrl, apiKey } = { baseUrl: "", apiKey: "" }] = (await server.message()) as ServedKeys[];
  const headers = { authorization: `Bearer ${apiKey}` };
  const { data } = (await (await fetch(`${baseUrl}/keys`, { headers })).json()) as { data: { hash: string }[] };
  return { url: `${baseUrl}/keys/${data[0]?.hash ?? ""}`, apiKey, end: () => server.end("SIGKILL") };
}

async function prism({ bin, folder, root }: Workplace): Promise<Served> {
  const port = await closedPort();
  const args = [
    await bin("@stoplight/prism-cli", "prism"),
    "mock",
    join(root, "spec/openrouter.yaml"),
    "-p",
    String(port),
  ];
  const server = new Program(process.execPath, args, { cwd: folder });
  // It would wait for connections that are kept open before it ended by itself.
  await server.printed("Prism is listening");
  return { url: `http://127.0.0.1:${port}/keys/${"a".repeat(64)}`, apiKey: "a", end: () => server.end("SIGKILL") };
}

/** In a process of its own, as the others are. */
async function bare({ write, folder }: Workplace, text: string): Promise<Served> {
  const program = `
    import { createServer } from "node:http";
    const headers = { "content-type": "application/json" };
    createServer((_, response) => response.writeHead(200, headers).end(${JSON.stringify(text)})).listen(
      Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));`;
  const port = await closedPort();
  const server = new Program(process.execPath, [await write({ "bare.js": program }), String(port)], { cwd: folder });
  await server.printed("listening");
  return { url: `http://127.0.0.1:${port}/`, apiKey: "a", end: () => server.end("SIGKILL") };
}
