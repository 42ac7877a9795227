/** `npm run check`: is `generated/` what the specs say? Lists every file that is not. Writes nothing. */
import { compare, RenderError, renderIndexFiles, renderProvider, type Files } from "./generated.js";
import { projectRoot, providersOf } from "./project.js";

const root = projectRoot();
const problems: string[] = [];
const providers = await providersOf(root);
const expected: Files = await renderIndexFiles(providers);
for (const provider of providers) {
  try {
    for (const [file, text] of await renderProvider(root, provider)) expected.set(file, text);
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    problems.push(error.message);
  }
}
const states = [...(await compare(root, expected))];
// What a spec that cannot be rendered should have given is not known, so nothing is called orphaned then.
const drift = states.filter(([, state]) => state !== "fresh" && !(state === "orphaned" && problems.length > 0));
for (const [file, state] of drift) problems.push(`${state.padEnd(8)}  ${file}`);

if (problems.length > 0) {
  console.error(
    `${problems.join("\n")}\n\ngenerated/ is not what the specs say. Run \`npm run generate\` and commit what changes.`,
  );
  process.exitCode = 1;
} else {
  console.log(`${String(states.length)} generated files are what the specs say.`);
}
