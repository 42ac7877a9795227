import { join } from "node:path";
import { atMost, median, times, type Benchmark, type Row } from "./benchmark.js";
import { Program } from "../helpers/processes.js";
import { inProcess } from "./processes.js";

export const LISTED = ["openrouter", "cockroach"] as const;

/** A provider of a served sandbox, and how many keys it has. */
export interface ServedKeys {
  provider: (typeof LISTED)[number];
  count: number;
  baseUrl: string;
  apiKey: string;
}

/** Of one walk through a list: what was still in memory at its last key, beyond what was before the first. */
export interface Walk {
  ms: number;
  bytes: number;
}

const COUNTS = [10_000, 30_000, 100_000];
const ROUNDS = 3;

export const lists: Benchmark = {
  name: "lists",
  how:
    "`for await` over all keys of a sandbox that another process serves over HTTP on loopback, keeping none of them: by offset " +
    "at OpenRouter, by cursor at CockroachDB Cloud, 100 keys a page. Memory is what V8 uses at the last key beyond what it used " +
    "before the first, each after a collection: were one page in four kept, it would be above the target. The " +
    `time per key is that of a new process, the least of ${ROUNDS}.`,
  measure: async ({ root }) => {
    const { served, close } = await serve(root);
    try {
      const walks = new Map<ServedKeys, Walk[]>(served.map((one) => [one, []]));
      for (let round = 0; round < ROUNDS; round++) {
        for (const [one, found] of walks) {
          const flags = ["--expose-gc"];
          found.push((await inProcess("test/bench/list-process.ts", [JSON.stringify(one)], flags)) as Walk);
        }
      }
      return LISTED.flatMap((provider) => rowsOf(provider, walks));
    } finally {
      await close();
    }
  },
};

function rowsOf(provider: string, walks: Map<ServedKeys, Walk[]>): Row[] {
  const figures = [...walks]
    .filter(([served]) => served.provider === provider)
    .map(([{ count }, found]) => ({
      count,
      bytes: median(found.map(({ bytes }) => bytes)) / count,
      microseconds: (Math.min(...found.map(({ ms }) => ms)) * 1_000) / count,
    }));
  const [few, most] = [figures[0], figures.at(-1)];
  if (!few || !most) throw new Error(`Nothing of ${provider} was listed.`);
  const show = (value: number) => value.toLocaleString("en");
  return [
    atMost(
      `${provider}, ${show(most.count)} keys: memory per key`,
      most.bytes,
      150,
      (value) => `${value.toFixed(0)} B`,
    ),
    atMost(
      `${provider}: time per key at ${show(most.count)} keys, to that at ${show(few.count)}`,
      most.microseconds / few.microseconds,
      1.25,
      times,
    ),
    ...figures.map(({ count, microseconds }) => ({
      what: `${provider}, ${show(count)} keys`,
      figure: `${microseconds.toFixed(1)} µs per key`,
    })),
  ];
}

async function serve(root: string): Promise<{ served: ServedKeys[]; close: () => Promise<void> }> {
  const args = [join(root, "scripts/run.js"), "test/bench/serve-process.ts", ...COUNTS.map(String)];
  const server = new Program(process.execPath, args, { cwd: root, messages: true });
  const served = (await server.message()) as ServedKeys[];
  return {
    served,
    close: async () => {
      await server.end();
    },
  };
}
