/** What each change of a spec requires of the next release, and how to say it. */
import { operationPlace } from "../openapi-diff/place.js";
import type { Change, Impact } from "../redocly/diff.js";
import { isObject, tokensOf } from "../render/spec.js";

export interface RatedChange {
  impact: Impact;
  /** In Markdown. */
  sentence: string;
}

/**
 * Changes that break the generated types. The differ looks at what goes over the wire, where the names of schemas, path
 * parameters and operations do not appear, so it rates some of them as patches, and has no words for them.
 */
const BREAKS_TYPES: {
  applies: (change: Change) => boolean;
  sentence: (change: Change) => string;
}[] = [
  {
    applies: ({ typeName, property }) => typeName === "Parameter" && property === "name",
    sentence: (change) => located(`The parameter ${renamed(change)}`, change),
  },
  {
    applies: ({ typeName, property }) => typeName === "PathItem" && property === "key",
    sentence: (change) => `The path ${renamed(change)}.`,
  },
  {
    applies: ({ property }) => property === "operationId",
    sentence: (change) => located(`The operation ${renamed(change)}`, change),
  },
  {
    applies: (change) => isComponent(change) && change.property === "key",
    sentence: (change) => `The ${componentIn(change)} ${renamed(change)}.`,
  },
  {
    applies: (change) => isComponent(change) && change.kind === "removed",
    sentence: (change) => `The ${componentIn(change)} ${code(nameIn(change))} was removed.`,
  },
  {
    // The types of a key leave its secret fields out.
    applies: ({ property, base, revision }) =>
      property === "format" && (base?.value === "password") !== (revision?.value === "password"),
    sentence: (change) => {
      const now = change.revision?.value === "password" ? "now" : "no longer";
      return located(`${code(nameIn(change))} is ${now} marked as a secret`, change);
    },
  },
];

/**
 * What a change of one of our marks requires, of which the differ knows nothing: whether a request is sent again, what is sent
 * by default, and what a variable or a field is called, are changed by no minor version. docs/versioning.md says so, too.
 */
const MARKS: Record<string, Record<Change["kind"], Impact>> = {
  "x-env": { added: "minor", removed: "major", modified: "major" },
  "x-idempotent": { added: "major", removed: "major", modified: "major" },
  "x-key-fields": { added: "minor", removed: "major", modified: "major" },
  "x-not-secret": { added: "minor", removed: "major", modified: "patch" },
  "x-rate-limit": { added: "minor", removed: "minor", modified: "minor" },
  "x-redoclyPagination": { added: "minor", removed: "major", modified: "minor" },
  "x-send": { added: "major", removed: "major", modified: "major" },
  "x-source": { added: "patch", removed: "patch", modified: "patch" },
  "x-sources": { added: "patch", removed: "patch", modified: "patch" },
};

const PROSE = /^(description|summary|title|examples?|termsOfService)$/;
const PROSE_TYPES = /^(Example|ExamplesMap|Info|Contact|License|Tag|ExternalDocs)$/;

/** All but the change of the version itself. */
export function rateChanges(changes: Change[]): RatedChange[] {
  return changes
    .filter(({ typeName, property }) => !(typeName === "Info" && property === "version"))
    .map((change) => {
      const rule = BREAKS_TYPES.find(({ applies }) => applies(change));
      if (rule) return { impact: "major", sentence: rule.sentence(change) };
      const mark = markIn(change);
      if (mark !== undefined) return ratedMark(mark, change);
      return { impact: change.impact, sentence: sentenceOf(change) };
    });
}

/** The mark that a change is of, or of a part of. */
function markIn(change: Change): string | undefined {
  return [...tokensOf(placeOf(change)), change.property ?? ""].find((token) => Object.hasOwn(MARKS, token));
}

function ratedMark(mark: string, change: Change): RatedChange {
  const { property = mark, base, revision } = change;
  const kind = base?.value === undefined ? "added" : revision?.value === undefined ? "removed" : "modified";
  const name = code(property === mark ? mark : `${mark}.${property}`);
  const values = `from ${valueOf(base?.value)} to ${valueOf(revision?.value)}`;
  const sentence = kind === "modified" ? `${name} changed ${values}` : `${name} was ${kind}`;
  return { impact: MARKS[mark]?.[kind] ?? change.impact, sentence: located(sentence, change) };
}

function sentenceOf(change: Change): string {
  const { kind, messages, property = "", typeName, base, revision } = change;
  if (messages.length > 0) return located(messages.join(" ").replace(/\.$/, ""), change);
  if (PROSE_TYPES.test(typeName) || PROSE.test(property)) {
    return "Descriptions or examples were revised.";
  }
  const name = code(nameIn(change));
  if (kind !== "modified") return located(`The ${nounFor(change)} ${name} was ${kind}`, change);
  const values = `from ${valueOf(base?.value)} to ${valueOf(revision?.value)}`;
  return located(`${code(property)} of ${name} changed ${values}`, change);
}

/** With the component or the operation that the change was found in, unless it is named already. */
function located(sentence: string, change: Change): string {
  const [section, first = "", second = "", part = "", status = ""] = tokensOf(placeOf(change));
  const named = code(section === "components" ? second : operationPlace(second, first));
  if (sentence.includes(named) || !(section === "components" || section === "paths")) {
    return `${sentence}.`;
  }
  const within = part === "requestBody" ? "request" : part === "responses" ? status : "";
  const shown = section === "paths" && within !== "" && !sentence.includes(code(within));
  return `${sentence} (${named}${shown ? `, ${within}` : ""}).`;
}

/** `MediaType` is a media type; a schema among properties is a property. */
function nounFor(change: Change): string {
  if (change.typeName === "Schema" && tokensOf(placeOf(change)).at(-2) === "properties") return "property";
  return change.typeName.replace(/(?!^)[A-Z]/g, " $&").toLowerCase();
}

/** What changed, by its own name or that of the nearest thing around it that has one. */
function nameIn(change: Change): string {
  const tokens = tokensOf(placeOf(change));
  const property = tokens.lastIndexOf("properties");
  if (property >= 0) return tokens[property + 1] ?? "";
  const [section, first = "", second, part, third] = tokens;
  if (section === "components") return second ?? first;
  const { kind, base, revision } = change;
  const node = kind === "modified" ? undefined : (revision ?? base)?.value;
  if (isObject(node) && typeof node["name"] === "string") return node["name"];
  if (section !== "paths" || second === undefined) return first;
  if (part === "responses" && third !== undefined) return third;
  return part === "requestBody" ? "request body" : operationPlace(second, first);
}

function renamed({ base, revision }: Change): string {
  return `${valueOf(base?.value)} was renamed to ${valueOf(revision?.value)}`;
}

/** Where the node stands, not where it is used first. */
function placeOf({ revision, base, path }: Change): string {
  return (revision ?? base)?.pointer ?? path;
}

function isComponent({ path }: Change): boolean {
  const tokens = tokensOf(path);
  return tokens[0] === "components" && tokens.length === 3;
}

/** `#/components/requestBodies/X` is a request body. */
function componentIn({ path }: Change): string {
  const section = tokensOf(path)[1] ?? "";
  return section
    .replace(/ies$/, "y")
    .replace(/s$/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function code(name: string): string {
  return `\`${name}\``;
}

function valueOf(value: unknown): string {
  if (value === undefined) return "nothing";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}
