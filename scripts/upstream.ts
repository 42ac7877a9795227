/**
 * `npm run upstream -- <provider> <file-or-url> [--format text|json|github]`: what a provider's own OpenAPI document says of
 * our operations and the curated spec does not, less what was decided.
 *
 * Exit codes: 0 nothing is new, 1 something is, 2 wrong usage or a document that cannot be compared.
 */
import { parseArgs } from "node:util";
import { exitCodeOf } from "./documents/exit-code.js";
import { parseDocument, readText, specIn } from "./documents/read.js";
import { compare } from "./openapi-diff/compare.js";
import { matchOperations } from "./openapi-diff/operations.js";
import { placesAround, printable } from "./openapi-diff/place.js";
import { placesIn } from "./openapi-diff/places.js";
import { projectRoot, providersOf } from "./project/project.js";
import { readDecisions } from "./reconcile/read-decisions.js";
import { SpecError } from "./render/spec.js";
import { explain } from "./upstream/explain.js";
import { fetchText } from "./upstream/fetch-text.js";
import { foreignSpec } from "./upstream/foreign-spec.js";
import { FORMATS, report, type Format } from "./upstream/report.js";
import { UnreadableDocument } from "./upstream/unreadable.js";

const USAGE = "usage: npm run upstream -- <provider> <file-or-url> [--format text|json|github]";

process.exitCode = await exitCodeOf(() => main(process.argv.slice(2)), 2).catch((error: unknown) => {
  // Not Node's own 1, which would pass for news.
  console.error(error);
  return 2;
});

async function main(args: string[]): Promise<number> {
  const root = projectRoot();
  const providers = await providersOf(root);
  const names = providers.map(({ name }) => name);
  const given = usageOf(args);
  const provider = providers.find(({ name }) => name === given?.provider);
  if (!given || !provider) {
    if (given) console.error(`No provider is called ${given.provider}: there are ${names.join(", ")}.`);
    console.error(USAGE);
    return 2;
  }

  const { specFile } = provider;
  const { document, lineOf } = parseDocument(await readText(root, specFile), specFile);
  const curated = specIn(document, specFile);
  const { decisions: all } = await readDecisions(root, names);
  const decisions = all.filter((decision) => decision.provider === provider.name);

  try {
    const other = foreignSpec(await fetchText(given.document));
    const { pairs } = matchOperations(curated, other);
    const ours = pairs.filter(({ curated }) => curated);
    const explained = explain(compare(curated, other), decisions);
    const places = placesIn(curated);
    const comparison = {
      ...explained,
      provider: provider.name,
      specFile,
      document: given.document,
      operations: { covered: ours.length, found: ours.filter(({ other }) => other).length },
      lineOf: (place: string) =>
        [place, ...placesAround(place)]
          .flatMap((one) => places.get(one)?.nodes ?? [])
          .flatMap((node) => lineOf(node) ?? [])[0] ?? 1,
    };
    console.log(report(comparison, given.format));
    return explained.news.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UnreadableDocument || error instanceof SpecError)) throw error;
    const problem = printable(`${given.document}: ${error.message}.`);
    console.error(given.format === "github" ? `::error::${problem}` : problem);
    return 2;
  }
}

function usageOf(args: string[]): { provider: string; document: string; format: Format } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { format: { type: "string", default: "text" } },
    });
    const [provider, document, ...rest] = positionals;
    const format = FORMATS.find((one) => one === values.format);
    if (provider === undefined || document === undefined || rest.length > 0 || !format) return undefined;
    return { provider, document, format };
  } catch {
    return undefined;
  }
}
