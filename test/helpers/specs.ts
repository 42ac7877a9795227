/** Copies of our specs in which something is said otherwise, and the tables that they give. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { apiOf } from "../../scripts/render/api.js";
import { requireSupported } from "../../scripts/render/index.js";
import { operationsOf } from "../../scripts/render/operations.js";
import { Spec } from "../../scripts/render/spec.js";
import type { Api } from "../../src/api.js";
import type { ProviderName } from "../../src/key.js";

type Json = Record<string, unknown>;

/** A spec in which these places, by JSON pointer, hold something else; undefined takes a place out. */
export function changedSpec(name: ProviderName, changes: Json): Json {
  return changedDocument(new URL(`../../spec/${name}.yaml`, import.meta.url), changes);
}

/** The same of any document. */
export function changedDocument(file: URL, changes: Json): Json {
  const document = load(readFileSync(file, "utf8")) as Json;
  for (const [place, value] of Object.entries(changes)) {
    const tokens = place.split("/").slice(1);
    const [last = "", ...path] = tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")).reverse();
    const holder = path.reverse().reduce((node, token) => node[token] as Json, document);
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else holder[last] = value;
  }
  return document;
}

/** The table of a spec with these changes. @throws SpecError where it is refused */
export function tableOf<P extends ProviderName>(name: P, changes: Json): Api<P> {
  const document = changedSpec(name, changes);
  requireSupported(document);
  const spec = new Spec(document);
  return apiOf(spec, name, operationsOf(spec)) as unknown as Api<P>;
}
