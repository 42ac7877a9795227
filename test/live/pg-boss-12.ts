/** Programs that find line 12 of pg-boss, and run on a Node that it runs on. */
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundled } from "../helpers/bundled.js";

/** The oldest Node that line 12 runs on. */
export const node22 = fileURLToPath(new URL("node_modules/node/bin/node", import.meta.url));

/** As `bundled`, for that line. */
export async function bundledForLine12(...entryPoints: string[]): ReturnType<typeof bundled> {
  const programs = await bundled(...entryPoints);
  const folder = join(programs.folder, "node_modules");
  await mkdir(folder);
  await symlink(fileURLToPath(new URL("../../node_modules/pg-boss-12", import.meta.url)), join(folder, "pg-boss"));
  return programs;
}
