import { DocumentError } from "../documents/document-error.js";
import { providersOf } from "../project/project.js";
import { compare, renderIndexFiles, renderProvider, type Files } from "./generated.js";

/** How `generated/` differs from what the specs say: a line for each file, and for each spec that cannot be rendered. */
export async function driftOf(root: string): Promise<{ files: number; problems: string[] }> {
  const problems: string[] = [];
  const refused = (error: unknown): void => {
    if (!(error instanceof DocumentError)) throw error;
    problems.push(error.message);
  };
  const expected: Files = new Map();
  try {
    const providers = await providersOf(root);
    for (const [file, text] of await renderIndexFiles(providers)) expected.set(file, text);
    for (const provider of providers) {
      for (const [file, text] of (await renderProvider(root, provider).catch(refused)) ?? []) expected.set(file, text);
    }
  } catch (error) {
    refused(error);
  }
  // What a spec that cannot be rendered should have given is not known, so nothing is called orphaned then.
  const complete = problems.length === 0;
  const states = [...(await compare(root, expected))];
  for (const [file, state] of states) {
    if (state !== "fresh" && (state !== "orphaned" || complete)) problems.push(`${state.padEnd(8)}  ${file}`);
  }
  return { files: states.length, problems };
}
