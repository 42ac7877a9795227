import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes the licences of the packages that these modules belong to, as they ask of whoever hands them on.
 *
 * @param supplied a folder with `<package>.txt` for each package that names its licence and comes without its text
 * @throws where a package has no text, here or there, or both
 */
export async function writeLicences(modules: string[], file: string, supplied: string): Promise<void> {
  const folders = new Set(modules.flatMap((id) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  if (folders.size === 0) return;
  const texts = await Promise.all([...folders].sort().map((folder) => licenceOf(folder, supplied)));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, texts.join(`\n${"-".repeat(80)}\n\n`));
}

async function licenceOf(folder: string, supplied: string): Promise<string> {
  const manifest = await readFile(join(folder, "package.json"), "utf8");
  const { name = folder, version = "", license = "" } = JSON.parse(manifest) as Record<string, string>;
  const [own] = (await readdir(folder)).filter((entry) => /^licen[cs]e/i.test(entry));
  const texts = [];
  if (own !== undefined) texts.push(await readFile(join(folder, own), "utf8"));
  const other = join(supplied, `${name}.txt`);
  const found = await readFile(other, "utf8").catch(() => undefined);
  if (found !== undefined) texts.push(found);
  const [text = "", surplus] = texts.map((one) => one.trim()).filter(Boolean);
  if (text === "") throw new Error(`${name} comes without the text of its licence (${license}): put it into ${other}`);
  if (surplus !== undefined) throw new Error(`${name} comes with its licence now: remove ${other}`);
  return `${name} ${version}: ${license}\n\n${text}\n`;
}
