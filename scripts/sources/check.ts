/** Whether what the specs say of their sources fits together. Pure. */
import { operationsOf } from "../openapi-diff/operations.js";
import { operationPlace } from "../openapi-diff/place.js";
import type { Decisions } from "../reconcile/decisions.js";
import { isObject, type JsonObject, type Spec } from "../render/spec.js";

export interface CheckedSources {
  problems: string[];
  /** Documents that were last read more than a year ago. */
  old: string[];
}

/** `today` as YYYY-MM-DD. */
export function checkSources(specs: ReadonlyMap<string, Spec>, decisions: Decisions, today: string): CheckedSources {
  const problems: string[] = [];
  const old: string[] = [];
  const yearAgo = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`;
  for (const [provider, spec] of specs) {
    const sources = objectIn(spec.document, "x-sources");
    const used = new Set<string>();
    const use = (name: string, where: string): void => {
      used.add(name);
      if (!Object.hasOwn(sources, name)) problems.push(`${where}: x-sources of ${provider} has no ${name}`);
    };
    for (const { method, path, node } of operationsOf(spec)) {
      const where = `${provider} at ${operationPlace(method, path)}`;
      const names = Object.keys(objectIn(node, "x-source"));
      if (names.length === 0) problems.push(`${where}: say in x-source where the facts come from`);
      for (const name of names) use(name, where);
    }
    for (const { id } of decisions.sources.filter((source) => source.provider === provider)) {
      use(id, "spec/sources/decisions.yaml");
    }
    for (const { id, knownFrom } of decisions.decisions.filter((decision) => decision.provider === provider)) {
      for (const name of knownFrom) use(name, `decision ${id}`);
    }
    for (const [name, source] of Object.entries(sources)) {
      if (!used.has(name)) problems.push(`${provider}: no operation and no decision names ${name}. Remove it`);
      const read = isObject(source) ? String(source["read"]) : "";
      if (read < yearAgo) old.push(`${provider}: ${name} was read on ${read}, more than a year ago. Read it again`);
    }
  }
  return { problems, old };
}

function objectIn(node: JsonObject, key: string): JsonObject {
  const value = node[key];
  return isObject(value) ? value : {};
}
