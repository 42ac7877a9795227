/** Reading `spec/sources/decisions.yaml`: everything that is wrong with it is told at once. */
import { Ajv, type ErrorObject } from "ajv";
import { DocumentError } from "../documents/document-error.js";
import { parseDocument, readText } from "../documents/read.js";
import { isObject } from "../render/spec.js";
import type { CommonDecision, Decision, Decisions, Source } from "./decisions.js";
import schema from "./decisions.schema.json" with { type: "json" };

export const DECISIONS = "spec/sources/decisions.yaml";

/** What the schema allows. */
interface Written {
  sources: Record<string, Pick<Source, "provider" | "title"> & { document?: string; upstream?: true }>;
  decisions: WrittenDecision[];
}

type WrittenDecision = Omit<CommonDecision, "knownFrom"> & {
  kind: Decision["kind"];
  knownFrom?: string[];
  places: WrittenPlace[];
};

interface WrittenPlace {
  /** Several places of which the same is said may stand in one list. */
  at: string | string[];
  aspect?: string;
  claims?: unknown;
  says?: unknown;
  mentions?: string;
}

/** @throws DocumentError with everything that is wrong. */
export async function readDecisions(root: string, providers: string[]): Promise<Decisions> {
  const { document, lineOf } = parseDocument(await readText(root, DECISIONS), DECISIONS);
  return decisionsIn(document, providers, (node) => `${DECISIONS}:${lineOf(node) ?? 1}`);
}

/** @param placeOf where a node of the document is. @throws DocumentError with everything that is wrong. */
export function decisionsIn(document: unknown, providers: string[], placeOf: (node: object) => string): Decisions {
  const ajv = new Ajv({ allErrors: true, verbose: true, strictTypes: false });
  const isWritten = ajv.compile<Written>(schema);
  if (!isWritten(document)) {
    // Beside the error itself there is one of the `if` that led to it.
    const errors = (isWritten.errors ?? []).filter(({ keyword }) => keyword !== "if");
    throw new DocumentError(errors.map((error) => sentenceOf(error, document, placeOf)));
  }
  const problems = contradictionsIn(document, providers).map(([node, problem]) => `${placeOf(node)}: ${problem}`);
  if (problems.length > 0) throw new DocumentError(problems);
  return {
    sources: Object.entries(document.sources).map(([id, { provider, title, document, upstream = false }]) => {
      return { id, provider, title, document, upstream };
    }),
    decisions: document.decisions.map(decided),
  };
}

function decided({ kind, knownFrom = [], places: written, ...rest }: WrittenDecision): Decision {
  const common = { ...rest, knownFrom };
  const places = written.flatMap(({ at, ...rest }) => [at].flat().map((one) => ({ at: one, ...rest })));
  switch (kind) {
    case "difference":
      return {
        ...common,
        kind,
        places: places.map(({ at, aspect = "", claims, says }) => ({ at, aspect, claims, says })),
      };
    case "silence":
      return { ...common, kind, places: places.map(({ at, aspect = "presence" }) => ({ at, aspect })) };
    case "prose":
      return { ...common, kind, places: places.map(({ at, mentions }) => ({ at, mentions })) };
  }
}

/** What a schema cannot see, each with the node that it is about. */
function contradictionsIn({ sources, decisions }: Written, providers: string[]): [object, string][] {
  const known = new Set<string>();
  return [
    ...Object.entries(sources).flatMap(([id, source]): [object, string][] =>
      providers.includes(source.provider)
        ? []
        : [[source, `source ${id}: no provider is called ${source.provider}. There are ${providers.join(", ")}.`]],
    ),
    ...decisions.flatMap((decision): [object, string][] => {
      const twice = known.has(decision.id);
      known.add(decision.id);
      const strangers = decision.sources.filter((name) => sources[name]?.provider !== decision.provider);
      return [
        ...(twice ? [`decision ${decision.id}: there are two of this id. Call one of them otherwise.`] : []),
        ...strangers.map(
          (name) =>
            `decision ${decision.id}: ${decision.provider} has no source that is called ${name}. Add it to the sources.`,
        ),
      ].map((problem) => [decision, problem]);
    }),
  ];
}

function sentenceOf(error: ErrorObject, document: unknown, placeOf: (node: object) => string): string {
  const path = error.instancePath.split("/").slice(1);
  // From the document to the value that is wrong.
  const values = path.reduce((above, token) => [...above, member(above.at(-1), token)], [document]);
  const id = member(values[2], "id");
  const nearest = values.reverse().find((one) => typeof one === "object" && one !== null) ?? {};
  const [list, name = ""] = path;
  const subject =
    list === "decisions" && name !== ""
      ? `decision ${typeof id === "string" ? id : `number ${Number(name) + 1}`}`
      : path
          .slice(0, 2)
          .join(" ")
          .replace(/^sources /, "source ");
  return `${placeOf(nearest)}: ${subject === "" ? "" : `${subject}: `}${problemOf(error, path.slice(2).join("."))}`;
}

/** @param field the path of what is wrong within a decision or a source. */
function problemOf({ keyword, params, parentSchema, data, message = "" }: ErrorObject, field: string): string {
  switch (keyword) {
    case "required":
      return `${field === "" ? "" : `${field}: `}${String(params["missingProperty"])} must be a text, and is missing. Add it.`;
    case "additionalProperties": {
      const known = isObject(parentSchema?.["properties"]) ? Object.keys(parentSchema["properties"]) : [];
      return `${field === "" ? "" : `${field}: `}${String(params["additionalProperty"])} is none of ${known.join(", ")}. Correct or remove it.`;
    }
    case "minItems":
      return `${field === "" ? "the list" : field} is empty. Name at least one.`;
    case "enum":
      return `its ${field} is ${String(data)}, not difference, silence or prose`;
    case "pattern":
      return `${field} must be a text that is not empty. Write it.`;
    default:
      return `${field} ${message}`;
  }
}

function member(value: unknown, token: string): unknown {
  return typeof value === "object" && value !== null
    ? Reflect.get(value, token.replace(/~1/g, "/").replace(/~0/g, "~"))
    : undefined;
}
