/** `npm run check`: is `generated/` what the specs say? Lists every file that is not. Writes nothing. */
import { driftOf } from "./generate/drift.js";
import { projectRoot } from "./project/project.js";

const { files, problems } = await driftOf(projectRoot());
if (problems.length > 0) {
  console.error(
    `${problems.join("\n")}\n\ngenerated/ is not what the specs say. Run \`npm run generate\` and commit what changes.`,
  );
  process.exitCode = 1;
} else {
  console.log(`${String(files)} generated files are what the specs say.`);
}
