import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { load } from "js-yaml";
import { isObject } from "../../scripts/render/spec.js";
import { atMost, below, median, times, type Benchmark, type Row } from "./benchmark.js";
import { HEY_API, KEYSMITH, OPENAPI_FETCH, peerPrograms, peers, PLAIN, REDOCLY, SDK } from "./peers.js";
import { inProcess } from "./processes.js";
import type { Workplace } from "./workplace.js";

const PROCESSES = 3;

/** What the process that calls is told: the peers' files by name, and the server's answers by method and path. */
export interface Given {
  modules: Record<string, string>;
  key: { hash: string; name: string };
  answers: Record<string, { status: number; body: string }>;
}

/** By the name of a peer: microseconds a call, one figure a round. */
export type Rounds = Record<string, number[]>;

export const calls: Benchmark = {
  name: "calls",
  how:
    "Each of the six operations in turn, one request a call, awaited one after the other, against a `fetch` that answers at " +
    "once with a fresh `Response` holding the spec's own example. _plain fetch_ is `fetch(url, init)` and `json()`. It is the " +
    "processor's time that counts, since nothing here waits and other work on the machine does not change it as much. All " +
    `peers run in one process after a warm-up, in rounds that take turns; a ratio is the median over the rounds of ${PROCESSES} ` +
    "processes, each round compared with the same round of the other.",
  tried:
    "What a call does besides: its time limit needs an `AbortController`, a tenth of its time; an answer is searched for quoted " +
    "secrets, a fifth; a body is read as it comes, so that a secret before a break is not lost, a twentieth. Tried: no `Request` " +
    "objects, a call's fields in one literal, bodies of one piece decoded at once, one search of an answer's JSON in place of " +
    "one of each text.",
  measure: async (workplace) => {
    const program = await workplace.write({
      "calls.json": JSON.stringify({ modules: await bundles(workplace), ...(await exampleOf(workplace.root)) }),
    });
    const rounds: Rounds = Object.fromEntries(peers.map(({ name }) => [name, []]));
    for (let process = 0; process < PROCESSES; process++) {
      const more = (await inProcess("test/bench/calls-process.ts", [program])) as Rounds;
      for (const [name, values] of Object.entries(more)) rounds[name]?.push(...values);
    }
    const ratio = (name: string, to: string) =>
      median((rounds[name] ?? []).map((value, round) => value / (rounds[to]?.[round] ?? NaN)));
    return [
      atMost(`time per call, to ${PLAIN}`, ratio(KEYSMITH, PLAIN), 1.6, times),
      atMost(`time per call, to ${OPENAPI_FETCH} alone`, ratio(KEYSMITH, OPENAPI_FETCH), 1.35, times),
      ...[REDOCLY, HEY_API, SDK].map((name) => below(`time per call, to ${name}`, ratio(KEYSMITH, name), 1, times)),
      ...peers.map(({ name }): Row => ({ what: name, figure: `${median(rounds[name] ?? []).toFixed(1)} µs a call` })),
    ];
  },
};

/** Each peer with all that it imports as one module: by name, its file. */
async function bundles(workplace: Workplace): Promise<Record<string, string>> {
  const modules: Record<string, string> = {};
  for (const [name, file] of await peerPrograms(workplace)) {
    const outfile = join(workplace.folder, "calls", `${Object.keys(modules).length}.mjs`);
    await build({ entryPoints: [file], bundle: true, format: "esm", platform: "node", target: "node20", outfile });
    modules[name] = outfile;
  }
  return modules;
}

/** The key that the spec's examples are of, and by method and path the first example of the operation's success. */
async function exampleOf(root: string): Promise<Pick<Given, "key" | "answers">> {
  const { paths } = load(await readFile(join(root, "spec/openrouter.yaml"), "utf8")) as Document;
  const found = Object.fromEntries(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const [status, response] =
          Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2")) ?? [];
        const { example, examples = {} } = response?.content?.["application/json"] ?? {};
        const [first] = Object.values(examples);
        const body = example ?? first?.value;
        return isObject(body) ? [[`${method.toUpperCase()} ${path}`, { status: Number(status), body }]] : [];
      }),
    ),
  );
  // Its name and its id: what comes back otherwise than it was asked for is an error.
  const { hash, name } = (found["PATCH /keys/{hash}"]?.body as { data: { hash: string; name: string } }).data;
  const answers = Object.entries(found).map(([call, { status, body }]) => [
    call.replace("{hash}", hash),
    { status, body: JSON.stringify(body) },
  ]);
  return { key: { hash, name }, answers: Object.fromEntries(answers) as Given["answers"] };
}

interface Document {
  paths: Record<string, Record<string, { responses?: Record<string, { content?: Record<string, Media> }> }>>;
}

interface Media {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
