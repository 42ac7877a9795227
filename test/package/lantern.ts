/** The made-up provider, and how CONTRIBUTING says that one is added. */
import { appendFile, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { temporaryPackage } from "./temporary-package.js";

type TemporaryPackage = Awaited<ReturnType<typeof temporaryPackage>>;

const fixtures = fileURLToPath(new URL("fourth-provider/", import.meta.url));

/** What CONTRIBUTING says of adding a provider. */
export async function guide(): Promise<string> {
  const text = await readFile(fileURLToPath(new URL("../../CONTRIBUTING.md", import.meta.url)), "utf8");
  return text.split("\n## Add a provider\n")[1] ?? "";
}

/** The files of its room. */
export async function roomFiles(): Promise<string[]> {
  return (await readdir(fixtures)).flatMap((file) => /^(.+)\.txt$/.exec(file)?.[1] ?? []).sort();
}

/** Adds it to a copy of the project, before all others: its spec, its room, and the lines of the guide. */
export async function addLantern(copy: TemporaryPackage): Promise<void> {
  const { root } = copy;
  await cp(join(fixtures, "lantern.yaml"), join(root, "spec/lantern.yaml"));
  for (const file of await roomFiles()) {
    await cp(join(fixtures, `${file}.txt`), join(root, "src/providers/lantern", file));
  }
  await placeLantern(copy, "first");
  await appendFile(join(root, "src/index.ts"), blockOf(await guide(), "ts"));
}

/** Puts its lines of redocly.yaml before or behind those of the others. */
export async function placeLantern({ root, read }: TemporaryPackage, place: "first" | "last"): Promise<void> {
  const own = blockOf(await guide(), "yaml").replace(/^(?=.)/gm, "  ");
  const config = (await read("redocly.yaml")).replace(own, "");
  const [, others = ""] = /^apis:\n((?: +.+\n)+)/m.exec(config) ?? [];
  const placed = config.replace(others, place === "first" ? own + others : others + own);
  await writeFile(join(root, "redocly.yaml"), placed);
}

/** The first block of a language, without the indentation of the list that it is in. */
function blockOf(markdown: string, language: string): string {
  const [, indented = ""] = new RegExp(`\`\`\`${language}\n([^]*?) *\`\`\``).exec(markdown) ?? [];
  return indented.replace(/^ {3}/gm, "");
}
