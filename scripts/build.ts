/** `npm run build`: what is published, into `dist/`. */
import { stripVTControlCharacters } from "node:util";
import { buildPackage } from "./build/bundle.js";
import { projectRoot } from "./project/project.js";

try {
  await buildPackage(projectRoot());
} catch (error) {
  console.error(stripVTControlCharacters(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
