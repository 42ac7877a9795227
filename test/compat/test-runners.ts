/** A test that uses the sandbox, as the guide's page on testing has it, under a test runner and in simulated browsers. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cell, CompatEnvironment } from "./cells.js";
import { Project } from "./project.js";

interface Runner {
  what: string;
  version: string;
  /** The packages besides keysmith, each with its version. */
  packages: string[];
  /** Its test is an ES module, or CommonJS. */
  type: "module" | "commonjs";
  run: (project: Project) => Promise<string>;
}

const JEST = "30.5.2";
const VITEST = "4.1.12";
const SWC = ["@swc/jest@0.2.39", "@swc/core@1.16.22"];

const jest = (project: Project, ...args: string[]) => project.bin("jest", "--ci", ...args);
const vitest = (project: Project, environment: string) =>
  project.bin("vitest", "run", "--globals", "--environment", environment);

const RUNNERS: Runner[] = [
  { what: "Jest, CommonJS", version: JEST, packages: [`jest@${JEST}`, ...SWC], type: "commonjs", run: jest },
  {
    what: "Jest, ES modules",
    version: JEST,
    packages: [`jest@${JEST}`],
    type: "module",
    run: (project) =>
      project.run(
        process.execPath,
        "--experimental-vm-modules",
        join("node_modules", "jest", "bin", "jest.js"),
        "--ci",
      ),
  },
  {
    what: "Jest with jsdom",
    version: "jest-fixed-jsdom 0.0.11",
    packages: [`jest@${JEST}`, ...SWC, `jest-environment-jsdom@${JEST}`, "jest-fixed-jsdom@0.0.11"],
    type: "commonjs",
    run: (project) => jest(project, "--env", "jest-fixed-jsdom"),
  },
  {
    what: "Vitest with jsdom",
    version: "26.1.0",
    packages: [`vitest@${VITEST}`, "jsdom@26.1.0"],
    type: "module",
    run: (project) => vitest(project, "jsdom"),
  },
  {
    what: "Vitest with happy-dom",
    version: "20.14.6",
    packages: [`vitest@${VITEST}`, "happy-dom@20.14.6"],
    type: "module",
    run: (project) => vitest(project, "happy-dom"),
  },
];

export const testRunners: Cell[] = RUNNERS.map((runner) => ({
  what: runner.what,
  version: runner.version,
  check: (to) => passes(to, runner),
}));

async function passes(to: CompatEnvironment, { packages, type, run }: Runner): Promise<void> {
  const page = await readFile(join(to.root, "docs/guide/testing.md"), "utf8");
  const project = await Project.create(to.registry, {
    "package.json": JSON.stringify({ private: true, type }),
    ...filesOf(page, type),
  });
  try {
    await project.install(to.keysmith, ...packages);
    const output = await run(project);
    if (!output.includes("1 passed")) throw new Error(output);
  } finally {
    await project.remove();
  }
}

/** The page's test and configuration: each block begins with a comment that names its file. */
function filesOf(page: string, type: Runner["type"]): Record<string, string> {
  const blocks = Array.from(page.matchAll(/^```js\n\/\/ (\S+), (module|commonjs)\n([^]*?)^```$/gm));
  const files = blocks.flatMap(([, name = "", of, text = ""]) => (of === type ? [[name, text] as const] : []));
  if (files.length !== 2) throw new Error(`The guide's page has ${files.length} files for ${type}.`);
  return Object.fromEntries(files);
}
