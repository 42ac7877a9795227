import { node } from "../helpers/processes.js";
import { atMost, median, times, type Benchmark, type Row } from "./benchmark.js";
import { KEYSMITH, OPENAPI_FETCH, SDK } from "./peers.js";

const ROUNDS = 7;

const FUNCTIONS = ["Create", "Delete", "Get", "GetCurrentKeyMetadata", "List", "Update"];

/** By name: what its user imports for the six operations. */
const IMPORTED: Record<string, string[]> = {
  [KEYSMITH]: ["keysmith/openrouter"],
  [OPENAPI_FETCH]: ["openapi-fetch"],
  [SDK]: ["@openrouter/sdk/core.js", ...FUNCTIONS.map((name) => `@openrouter/sdk/funcs/apiKeys${name}.js`)],
};

/** Given module names, imports them and prints how many functions V8 then knows in their files, or how long it took. */
const PROGRAM = `
  import { Session } from "node:inspector/promises";
  const [what, ...names] = process.argv.slice(2);
  const session = new Session();
  if (what === "functions") {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  }
  const begun = performance.now();
  for (const name of names) await import(name);
  const ms = performance.now() - begun;
  if (what === "functions") {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const files = result.filter(({ url }) => url.startsWith("file:") && url !== import.meta.url);
    console.log(files.flatMap(({ functions }) => functions).length);
  } else console.log(ms);
`;

export const imports: Benchmark = {
  name: "imports",
  how:
    "The functions that V8 knows in the imported files once the import has ended, in a fresh process: those that it has " +
    "compiled, and those inside of them that it would compile when called, as its inspector's precise coverage reports them. " +
    "Node's own modules do not count. Of `@openrouter/sdk` only the standalone functions of the six operations are imported. " +
    `The time is the median of ${ROUNDS} processes each, taken in turns.`,
  measure: async (workplace) => {
    const program = await workplace.write({ "import.js": PROGRAM });
    const start = async (what: "functions" | "time", modules: string[]) =>
      Number(await node(workplace.folder, [program, what, ...modules]));
    const found = new Map<string, { functions: number; ms: number[] }>();
    for (const [name, modules] of Object.entries(IMPORTED)) {
      found.set(name, { functions: await start("functions", modules), ms: [] });
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, modules] of Object.entries(IMPORTED)) found.get(name)?.ms.push(await start("time", modules));
    }
    const functionsOf = (name: string) => found.get(name)?.functions ?? NaN;
    return [
      atMost(`functions, to ${SDK}`, functionsOf(KEYSMITH) / functionsOf(SDK), 1 / 10, times),
      ...[...found].map(([what, { functions, ms }]): Row => ({
        what,
        figure: `${functions.toLocaleString("en")} functions, ${median(ms).toFixed(0)} ms`,
      })),
    ];
  },
};
