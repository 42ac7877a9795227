import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";

/** A file of the tests as a user would write it: what it imports from the sources comes from the package. */
export async function userCode(root: string, file: string): Promise<string> {
  const text = await readFile(join(root, file), "utf8");
  return text
    .replace(/"(?:\.\.\/)+src\/index\.js"/g, '"keysmith"')
    .replace(/"(?:\.\.\/)+src\/(types|sandbox|fleet)(?:\/index)?\.js"/g, '"keysmith/$1"')
    .replace(/"(?:\.\.\/)+generated\/([a-z0-9]+)\/index\.js"/g, '"keysmith/$1"');
}

export async function userScript(root: string, file: string): Promise<string> {
  return (await transform(await userCode(root, file), { loader: "ts", target: "es2022" })).code;
}
