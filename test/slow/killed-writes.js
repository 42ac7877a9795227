// @ts-check
/** Preloaded into a process, it kills that at one of its writes: `KILLED_AT=3 KILLED=half`. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { writeFile, rename } = fs.promises;
const at = Number(process.env["KILLED_AT"]);
const when = process.env["KILLED"];
let writes = 0;

fs.promises.writeFile = async (path, data, options) => {
  writes++;
  if (writes === at && when === "before") await killed();
  if (writes === at && when === "half" && typeof data === "string") {
    await writeFile(path, data.slice(0, data.length / 2), options);
    await killed();
  }
  await writeFile(path, data, options);
};
fs.promises.rename = async (from, to) => {
  if (writes === at && when === "written") await killed();
  await rename(from, to);
  if (writes === at && when === "renamed") await killed();
};
syncBuiltinESMExports();

/** @returns {Promise<never>} */
function killed() {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
}
