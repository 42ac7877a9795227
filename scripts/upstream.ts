/**
 * `npm run upstream -- <provider> <file-or-url> [--format text|json|github] [--accept]`: what a provider's own document says
 * of our operations that is new: it is in the curated spec otherwise and not decided, or was otherwise when it was last seen.
 * `--accept` keeps it as the one that was last seen; `npm run reconcile` then says what is left to decide.
 *
 * Exit codes: 0 nothing is new, 1 something is, 2 wrong usage or a document that cannot be compared.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dump } from "js-yaml";
import { DocumentError } from "./documents/document-error.js";
import { parseDocument, readDocument, readText, specIn } from "./documents/read.js";
import { writeAtomically } from "./generate/generated.js";
import { compare } from "./openapi-diff/compare.js";
import { matchOperations } from "./openapi-diff/operations.js";
import { placesAround, printable } from "./openapi-diff/place.js";
import { placesIn } from "./openapi-diff/places.js";
import { projectRoot, providersOf } from "./project/project.js";
import { DECISIONS, readDecisions } from "./reconcile/read-decisions.js";
import { formatted } from "./render/format.js";
import { Spec, SpecError, type JsonObject } from "./render/spec.js";
import { documentToKeep } from "./upstream/accept.js";
import { explain } from "./upstream/explain.js";
import { fetchText } from "./upstream/fetch-text.js";
import { foreignSpec } from "./upstream/foreign-spec.js";
import { failure, FORMATS, report, type Format } from "./upstream/report.js";
import { UnreadableDocument } from "./upstream/unreadable.js";

const USAGE = "usage: npm run upstream -- <provider> <file-or-url> [--format text|json|github] [--accept]";

interface Options {
  provider: string;
  document: string;
  format: Format;
  accept: boolean;
}

const args = process.argv.slice(2);
// Also where something is wrong: whoever reads JSON gets JSON.
const formatAsked = FORMATS.find((one) => args.join("=").includes(`--format=${one}`)) ?? "text";
process.exitCode = await main().catch((error: unknown) => {
  const problems = error instanceof DocumentError ? error.problems : [errorText(error)];
  console[formatAsked === "json" ? "log" : "error"](failure(problems.map(printable), formatAsked));
  // Not Node's own 1, which would pass for news.
  return 2;
});

async function main(): Promise<number> {
  const root = projectRoot();
  const options = optionsOf();
  const providers = await providersOf(root);
  const names = providers.map(({ name }) => name);
  const provider = providers.find(({ name }) => name === options.provider);
  if (!provider)
    throw new DocumentError([`no provider is called ${options.provider}: there are ${names.join(", ")}`, USAGE]);

  const { name, specFile } = provider;
  const { document, lineOf } = parseDocument(await readText(root, specFile), specFile);
  const curated = specIn(document, specFile);
  const { sources, decisions } = await readDecisions(root, names);
  const source = sources.find((one) => one.provider === name && one.upstream);
  const kept = source?.document === undefined ? undefined : `spec/sources/${source.document}`;
  const seen = kept === undefined || options.accept ? undefined : specIn(await readDocument(root, kept), kept);

  try {
    const other = foreignSpec(await fetchText(options.document));
    if (options.accept) return await accept(root, kept, documentToKeep(curated, other), other);
    const explained = explain(curated, other, { source: source?.id ?? "", seen, decisions });
    const ours = matchOperations(curated, other).filter(({ curated }) => curated);
    const places = placesIn(curated);
    const comparison = {
      ...explained,
      provider: name,
      specFile,
      document: options.document,
      operations: { covered: ours.length, found: ours.filter(({ other }) => other).length },
      lineOf: (place: string) =>
        [place, ...placesAround(place)]
          .flatMap((one) => places.get(one)?.nodes ?? [])
          .flatMap((node) => lineOf(node) ?? [])[0] ?? 1,
    };
    console.log(report(comparison, options.format));
    return explained.news.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UnreadableDocument || error instanceof SpecError)) throw error;
    throw new DocumentError(`${options.document}: ${error.message}`, { cause: error });
  }
}

/** @param kept the file of the document that was last seen. */
async function accept(root: string, kept: string | undefined, document: JsonObject, other: Spec): Promise<number> {
  if (kept === undefined) throw new DocumentError(`${DECISIONS}: no source of the provider's has \`upstream: true\``);
  if (compare(new Spec(document), other, { versions: true }).differences.length > 0) {
    throw new UnreadableDocument("what is kept of it would say something else: bundle it first");
  }
  const text = `# Written by \`npm run upstream -- --accept\`: the provider's own document, as far as it is about our operations. Its texts
# are not kept: \`x-prose\` has a mark of each, by which it is known whether they change.
${dump(document, { lineWidth: -1 })}`;
  await writeAtomically(join(root, kept), await formatted(text, "yaml"));
  console.log(`${kept} is written. Run \`npm run reconcile\`, and decide what it asks for.`);
  return 0;
}

function optionsOf(): Options {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { format: { type: "string", default: "text" }, accept: { type: "boolean", default: false } },
    });
    const [provider, document, ...rest] = positionals;
    const format = FORMATS.find((one) => one === values.format);
    if (provider !== undefined && document !== undefined && rest.length === 0 && format) {
      return { provider, document, format, accept: values.accept };
    }
  } catch {
    // The usage is to be told of it, too.
  }
  throw new DocumentError(USAGE);
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
