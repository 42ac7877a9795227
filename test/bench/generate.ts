import { watch } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { providersOf } from "../../scripts/project/project.js";
import { Program, run } from "../helpers/processes.js";
import { atMost, below, times, type Benchmark } from "./benchmark.js";
import { HEY_API } from "./peers.js";
import { copyPipeline, type Workplace } from "./workplace.js";

const ROUNDS = 7;

// Neither usage figures nor a look for updates leaves the machine.
const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };

export const generate: Benchmark = {
  name: "generate",
  how:
    "_Cold_ is `npm run generate` in a copy of the project without `generated/`: a new process that lints, renders and " +
    `writes. \`${HEY_API}\` is its own command with a configuration that names the same specs and its fetch client, and ` +
    "`redocly lint` lints them by the same rules; their times are added. All are started without npm, in turns. A _save_ is a " +
    "change of one description in one spec under `npm run generate -- --watch`, timed from its writing until both files that it " +
    `changes hold it. Each is taken at the least of ${ROUNDS}, since whatever else the machine does makes them longer.`,
  tried:
    "Half of it is loading TypeScript and the linter, and compiling a validator for each example that is checked. " +
    "Tried: lint and render side by side in one thread, bundled programs that start without a loader, a formatter that is not written in JavaScript.",
  measure: async (workplace) => {
    const project = await copyPipeline(workplace, "pipeline");
    const script = [join(workplace.root, "scripts/run.js"), "scripts/generate.ts"];
    const heyApi = [
      await workplace.bin(HEY_API, "openapi-ts"),
      "-f",
      await heyApiConfig(workplace, project),
      "--no-log-file",
    ];
    const lint = [await workplace.bin("@redocly/cli", "redocly"), "lint"];
    const least = { cold: Infinity, heyApi: Infinity, lint: Infinity };
    for (let round = 0; round < ROUNDS; round++) {
      await rm(join(project, "generated"), { recursive: true, force: true });
      least.cold = Math.min(least.cold, await timed(project, script));
      least.heyApi = Math.min(least.heyApi, await timed(project, heyApi));
      least.lint = Math.min(least.lint, await timed(project, lint));
    }
    const save = Math.min(...(await saves(project, [...script, "--watch"])));
    const count = String((await providersOf(project)).length);
    const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
    return [
      below(`cold, to ${HEY_API} and redocly lint`, least.cold / (least.heyApi + least.lint), 1, times),
      atMost("a save under --watch, to cold", save / least.cold, 1 / 5, times),
      { what: `cold, ${count} specs`, figure: seconds(least.cold) },
      { what: "a save", figure: seconds(save) },
      { what: `${HEY_API}, the same ${count} specs`, figure: seconds(least.heyApi) },
      { what: `redocly lint, the same ${count} specs`, figure: seconds(least.lint) },
    ];
  },
};

async function heyApiConfig({ write }: Workplace, project: string): Promise<string> {
  const jobs = (await providersOf(project)).map(({ name, specFile }) => ({
    input: join(project, specFile),
    output: join(project, "hey-api", name),
    plugins: ["@hey-api/client-fetch"],
  }));
  return write({ "hey-api.config.js": `export default ${JSON.stringify(jobs)};` });
}

async function timed(cwd: string, args: string[]): Promise<number> {
  const begun = performance.now();
  await run(process.execPath, args, { cwd, env });
  return performance.now() - begun;
}

const CHANGED = /Lists one page of the keys( \d+)? of one workspace/;

/** How long each of some saves takes to arrive in what is generated. */
async function saves(project: string, script: string[]): Promise<number[]> {
  const spec = join(project, "spec/openrouter.yaml");
  const folder = join(project, "generated/openrouter");
  const original = await readFile(spec, "utf8");
  if (!CHANGED.test(original)) throw new Error("spec/openrouter.yaml has lost the sentence that is to be changed.");
  const watching = await watchScript(project, script);
  try {
    const taken: number[] = [];
    for (let save = 1; save <= ROUNDS; save++) {
      const sentence = `Lists one page of the keys ${save} of one workspace`;
      const arrived = Promise.race([holding(folder, ["types.ts", "client.ts"], sentence), watching.ended]);
      const begun = performance.now();
      await writeFile(spec, original.replace(CHANGED, sentence));
      await arrived;
      taken.push(performance.now() - begun);
      await watching.printed("done");
    }
    return taken;
  } finally {
    await watching.stop();
  }
}

/** Resolves once all these files of a folder hold the text. */
async function holding(folder: string, files: string[], text: string): Promise<void> {
  const arrived = async () => {
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    return texts.every((one) => one.includes(text));
  };
  let wake: () => void = () => undefined;
  const watcher = watch(folder, () => wake());
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      if (await arrived()) return;
      await changed;
    }
  } finally {
    watcher.close();
  }
}

/** Starts a program that goes on until it is stopped, and waits until it watches. */
async function watchScript(cwd: string, args: string[]) {
  const program = new Program(process.execPath, args, { cwd, env });
  let read = await program.printed("watching the specs");
  let running = true;
  const ended = program.ended.then(() => {
    if (running) throw new Error(`generate --watch ended by itself:\n${program.output}`);
  });
  return {
    ended,
    printed: async (text: string): Promise<void> => void (read = await program.printed(text, read)),
    stop: async () => {
      running = false;
      await program.end();
    },
  };
}
