import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { systemReason } from "../../files/system-errors.js";
import { UsageError } from "../errors.js";

/** Looks whether a file could be made there. @throws UsageError */
export async function checkFolderOf(flag: string, path: string): Promise<void> {
  if (path === "") throw new UsageError(`${flag} is empty: give the name of a file.`);
  if (path.endsWith("/") || path.endsWith(sep))
    throw new UsageError(`${flag} ${path}: that is a folder. Name a file in it.`);
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error("not a directory");
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`${flag} ${path}: nothing can be written into ${folder} (${systemReason(error)}).`, {
      cause: error,
    });
  }
}
