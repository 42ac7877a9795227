/** Reading `spec/sources/decisions.yaml`: everything that is wrong with it is told at once. */
import { isObject, type JsonObject } from "../render/spec.js";
import type { CommonDecision, Decision, Decisions, Source } from "./decisions.js";

/** Decisions that cannot be read; `problems` says of each where and why. */
export class DecisionsError extends Error {
  override readonly name = "DecisionsError";
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** @throws DecisionsError with everything that is wrong. */
export function readDecisions(document: unknown, providers: string[]): Decisions {
  const problems: string[] = [];
  const root = isObject(document) ? document : {};
  const sources = Object.entries(objectAt(root, "sources")).map(([id, source]): Source => {
    const fields = fieldsOf(source, `source ${id}`, ["provider", "title"], ["document"]);
    const [provider, title, file] = [fields("provider"), fields("title"), fields("document")];
    if (!providers.includes(provider)) problems.push(`source ${id}: no provider is called ${provider}`);
    return { id, provider, title, document: file === "" ? undefined : file };
  });

  const decisions = listAt(root, "decisions").flatMap((decision, index): Decision[] => {
    const id = isObject(decision) ? String(decision["id"]) : "";
    const where = id === "" ? `decision ${index + 1}` : `decision ${id}`;
    const text = fieldsOf(
      decision,
      where,
      ["id", "provider", "kind", "claims", "says", "why", "evidence"],
      ["sources", "places"],
    );
    const common: CommonDecision = {
      id: text("id"),
      provider: text("provider"),
      sources: listAt(decision, "sources").map(String),
      claims: text("claims"),
      says: text("says"),
      why: text("why"),
      evidence: text("evidence"),
    };
    for (const name of common.sources) {
      const source = sources.find(({ id }) => id === name);
      if (source?.provider !== common.provider) {
        problems.push(`${where}: ${common.provider} has no source that is called ${name}`);
      }
    }
    if (common.sources.length === 0) problems.push(`${where}: name the sources that it overrules`);
    const places = listAt(decision, "places").filter(isObject);
    if (places.length === 0) problems.push(`${where}: name the places that it is about`);
    const kind = text("kind");
    switch (kind) {
      case "difference": {
        const read = placeReader(where, ["at", "aspect"], ["claims", "says"]);
        return [
          {
            ...common,
            kind,
            places: read(places, (at, { aspect, claims, says }) => ({
              at,
              aspect: String(aspect),
              claims,
              says,
            })),
          },
        ];
      }
      case "silence": {
        const read = placeReader(where, ["at"], ["aspect"]);
        return [
          {
            ...common,
            kind,
            places: read(places, (at, { aspect }) => ({ at, aspect: textIn(aspect) ?? "presence" })),
          },
        ];
      }
      case "prose": {
        const read = placeReader(where, ["at"], ["mentions"]);
        return [
          {
            ...common,
            kind,
            places: read(places, (at, { mentions }) => ({ at, mentions: textIn(mentions) })),
          },
        ];
      }
      default:
        problems.push(`${where}: its kind is ${kind}, not difference, silence or prose`);
        return [];
    }
  });

  const ids = decisions.map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    problems.push(`decision ${id}: there are two of this id`);
  }
  if (decisions.length === 0) problems.push("there are no decisions");
  if (problems.length > 0) throw new DecisionsError(problems);
  return { sources, decisions };

  /** Reads texts; notes which are missing, and what nobody knows. */
  function fieldsOf(node: unknown, where: string, required: string[], optional: string[]) {
    const object = isObject(node) ? node : {};
    for (const name of required) {
      if (textIn(object[name]) === undefined) problems.push(`${where}: ${name} must be a text`);
    }
    for (const name of Object.keys(object)) {
      if (![...required, ...optional].includes(name)) {
        problems.push(`${where}: ${name} is none of ${[...required, ...optional].join(", ")}`);
      }
    }
    return (name: string): string => textIn(object[name]) ?? "";
  }

  /** Several places of which the same is said may stand in one list. */
  function placeReader(where: string, required: string[], optional: string[]) {
    return <T>(places: JsonObject[], read: (at: string, place: JsonObject) => T): T[] =>
      places.flatMap((place) =>
        [place["at"]].flat().map((at) => {
          fieldsOf({ ...place, at }, where, required, optional);
          return read(textIn(at) ?? "", place);
        }),
      );
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function objectAt(node: JsonObject, key: string): JsonObject {
  const value = node[key];
  return isObject(value) ? value : {};
}

function listAt(node: unknown, key: string): unknown[] {
  const value = isObject(node) ? node[key] : undefined;
  return Array.isArray(value) ? value : [];
}
