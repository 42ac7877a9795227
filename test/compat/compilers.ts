/** The declarations in each supported TypeScript, with everything checked, in a project that has nothing else. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Cell, CompatEnvironment } from "./cells.js";
import { Project } from "./project.js";
import { userCode } from "./user-code.js";

// The newest of each minor version since the oldest that is supported.
const TYPESCRIPTS = ["5.4.5", "5.5.4", "5.6.3", "5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"];
const NODE_TYPES = "20.19.43";

export const compilers: Cell[] = [
  ...TYPESCRIPTS.map((version): Cell => ({ what: "TypeScript", version, check: (to) => compiles(to, version) })),
  { what: "TypeScript with Node's types and no DOM", version: `@types/node ${NODE_TYPES}`, check: withNodeTypes },
];

const STRICT = {
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noEmit: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  strict: true,
  target: "es2022",
  verbatimModuleSyntax: true,
};

const RESOLUTIONS = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

async function compiles(to: CompatEnvironment, version: string): Promise<void> {
  const project = await Project.create(to.registry);
  try {
    await project.install(to.keysmith, `typescript@${version}`);
    const files = await writeUses(to.root, project);
    for (const resolution of RESOLUTIONS) {
      await compile(project, { ...resolution, lib: ["es2022", "dom"], types: [] }, files);
      await compile(project, { ...resolution, lib: ["es2022"], types: [] }, ["types-alone.ts"]);
    }
  } finally {
    await project.remove();
  }
}

async function withNodeTypes(to: CompatEnvironment): Promise<void> {
  const project = await Project.create(to.registry);
  try {
    await project.install(to.keysmith, "typescript@5.9.3", `@types/node@${NODE_TYPES}`);
    const files = await writeUses(to.root, project);
    await compile(project, { module: "nodenext", lib: ["es2022"], types: ["node"] }, files);
  } finally {
    await project.remove();
  }
}

/** The type tests. */
async function writeUses(root: string, project: Project): Promise<string[]> {
  const files = (await readdir(join(root, "test/types"))).filter((name) => name.endsWith(".ts"));
  for (const file of files) await project.write({ [file]: await userCode(root, `test/types/${file}`) });
  return files;
}

async function compile(project: Project, compilerOptions: object, files: string[]): Promise<void> {
  await project.write({
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...STRICT, ...compilerOptions }, files }),
  });
  await project.bin("tsc", "-p", ".");
}
