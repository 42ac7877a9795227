/** What is told of a comparison: as text, as JSON, and as annotations of a workflow run. */
import { describe } from "../openapi-diff/describe.js";
import { problemList } from "../text/problem-list.js";
import { textTable, type Row } from "../text/text-table.js";
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
  { title: "What it differs from", width: 26 },
];

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

/** Why there is no report. */
export function failure(problems: string[], format: Format): string {
  switch (format) {
    case "text":
      return problemList(problems);
    case "json":
      return JSON.stringify({ problems }, null, 2);
    case "github":
      return problems.map((problem) => `::error::${escapeData(problem)}`).join("\n");
  }
}

function asText({ provider, document, operations, news, decided }: Comparison): string {
  const count = decided.reduce((sum, { differences }) => sum + differences.length, 0);
  return [
    `${provider}: ${document} has ${operations.found} of our ${operations.covered} operations.`,
    news.length === 0
      ? "Nothing is new."
      : `New: ${news.length}, of which no decision says anything.\n\n${textTable(COLUMNS, news.map(row))}`,
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

function row({ places, aspect, claimed, from, said }: News): Row {
  const when = from === "seen" ? "when last seen, " : "";
  return { cells: [places.join("\n"), describe(aspect, claimed), when + describe(aspect, said)] };
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

function sentence({ places, aspect, claimed, from, said }: News): string {
  const where = from === "seen" ? "in the document as it was last seen" : "in the curated spec";
  return `${places.join("\n")}\n${describe(aspect, claimed)} in the document, ${describe(aspect, said)} ${where}`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
