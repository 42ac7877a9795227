/** What is told of a comparison: as text, as JSON, and as annotations of a workflow run. */
import { describe } from "../openapi-diff/describe.js";
import { textTable } from "../text/text-table.js";
import type { Explained, News } from "./explain.js";

export const FORMATS = ["text", "json", "github"] as const;
export type Format = (typeof FORMATS)[number];

export interface Comparison extends Explained {
  provider: string;
  specFile: string;
  document: string;
  /** Of our operations, and how many of them the document has. */
  operations: { covered: number; found: number };
  /** The line of the curated spec where a place is, or else what it lies in. */
  lineOf: (place: string) => number;
}

const COLUMNS = [
  { title: "Place", width: 44 },
  { title: "The document", width: 26 },
  { title: "The curated spec", width: 26 },
];
const PLACES_SHOWN = 5;

export function report(comparison: Comparison, format: Format): string {
  switch (format) {
    case "text":
      return asText(comparison);
    case "json":
      return asJson(comparison);
    case "github":
      return asAnnotations(comparison);
  }
}

function asText({ provider, document, operations, news, decided }: Comparison): string {
  const count = decided.reduce((sum, { differences }) => sum + differences.length, 0);
  return [
    `${provider}: ${document} has ${operations.found} of our ${operations.covered} operations.`,
    ...(news.length === 0
      ? ["Nothing is new."]
      : [
          `New: ${news.length}, of which no decision says anything.\n`,
          textTable(
            COLUMNS,
            news.map((one) => ({
              cells: [placeList(one.places), describe(one.aspect, one.claimed), describe(one.aspect, one.curated)],
            })),
          ),
        ]),
    ...(decided.length === 0
      ? []
      : [
          `\nKnown and decided: ${count}, by spec/sources/decisions.yaml.\n`,
          decided
            .map(({ decision, differences }) => `${String(differences.length).padStart(5)}  ${decision.id}`)
            .join("\n"),
        ]),
  ].join("\n");
}

function placeList(places: string[]): string {
  const rest = places.length - PLACES_SHOWN;
  return [...places.slice(0, PLACES_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
}

function asJson({ provider, document, operations, news, decided }: Comparison): string {
  return JSON.stringify(
    {
      provider,
      document,
      operations,
      new: news,
      decided: decided.map(({ decision, differences }) => ({ decision: decision.id, differences })),
    },
    null,
    2,
  );
}

function asAnnotations({ provider, specFile, document, news, lineOf }: Comparison): string {
  if (news.length === 0) return `${provider}: nothing is new in ${document}.`;
  return news
    .map((one) => {
      const properties = [
        `file=${escapeProperty(specFile)}`,
        `line=${lineOf(one.places[0])}`,
        `title=${escapeProperty(`${provider} differs upstream`)}`,
      ].join(",");
      return `::warning ${properties}::${escapeData(sentence(one))}`;
    })
    .join("\n");
}

function sentence({ places, aspect, curated, claimed }: News): string {
  return `${placeList(places)}\n${describe(aspect, claimed)} in the document, ${describe(aspect, curated)} in the curated spec`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
