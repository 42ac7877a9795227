import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes the licences of the packages that these modules belong to, as they ask of whoever hands them on. */
export async function writeLicences(modules: string[], file: string): Promise<void> {
  const folders = new Set(modules.flatMap((id) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  if (folders.size === 0) return;
  const texts = await Promise.all([...folders].sort().map(licenceOf));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, texts.join(`\n${"-".repeat(80)}\n\n`));
}

async function licenceOf(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, "package.json"), "utf8");
  const { name, version, license = "" } = JSON.parse(manifest) as Record<string, string>;
  const [file] = (await readdir(folder)).filter((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : await readFile(join(folder, file), "utf8");
  return `${name ?? ""} ${version ?? ""}: ${license}\n\n${text.trim()}\n`;
}
