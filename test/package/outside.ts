/** The package that docs/guide/a-provider-of-your-own.md has its reader write: a provider outside of keysmith. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Program } from "../helpers/processes.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const fixtures = join(repository, "test/package/fourth-provider");

async function guide(): Promise<string> {
  return readFile(join(repository, "docs/guide/a-provider-of-your-own.md"), "utf8");
}

/** The variables that lead to a command's sandbox, which is served for as long as a test runs. */
export async function exportedBy(sandbox: Program): Promise<NodeJS.ProcessEnv> {
  onTestFinished(async () => {
    await sandbox.end();
  });
  await sandbox.printed("Ctrl-C ends it");
  const exported = sandbox.stdout.matchAll(/^export (\w+)=(.+)$/gm);
  return Object.fromEntries(Array.from(exported, ([, name = "", value]) => [name, value] as const));
}

/** The program of the guide that uses the package. */
export async function guidesProgram(): Promise<string> {
  const [, section = ""] = (await guide()).split("\n## Use it from code\n");
  return /```typescript\n([^]*?)```/.exec(section)?.[1] ?? "";
}

/** Writes its document and its sources, but for what `keysmith generate` gives. */
export async function writeOutside(folder: string): Promise<void> {
  const blocks = (await guide()).matchAll(/^`(src\/\w+\.ts)`(?:(?!\n\n)[^])*:\n\n```typescript\n([^]*?)```$/gm);
  const files = new Map(Array.from(blocks, ([, file = "", text = ""]) => [file, text] as const));
  files.set("src/sandbox.ts", asOutside(await readFile(join(fixtures, "sandbox.ts.txt"), "utf8")));
  files.set("lantern.yaml", await readFile(join(fixtures, "lantern.yaml"), "utf8"));
  const manifest = {
    name: "keysmith-lantern",
    version: "1.0.0",
    type: "module",
    exports: { ".": { types: "./dist/index.d.ts", import: "./dist/index.js" } },
    files: ["dist", "lantern.yaml"],
    peerDependencies: { keysmith: "*" },
  };
  files.set("package.json", JSON.stringify(manifest));
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

/** A simulated server as it is written within keysmith, for a package of its own. */
function asOutside(text: string): string {
  return text
    .replace(/^import type \{ OperationId \}.*\n/m, "")
    .replace('OperationId<"lantern">', 'keyof (typeof import("./generated/api.js"))["api"]["operations"]')
    .replace(/"\.\.\/\.\.\/\.\.\/generated\/lantern\//, '"./generated/')
    .replace(/"\.\.\/\.\.\/sandbox\/\w+\.js"/g, '"keysmith/kit/sandbox"');
}
