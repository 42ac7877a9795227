import { isObject, pointer, SpecError, type JsonObject, type Spec } from "./spec.js";

/**
 * Refuses schemas whose type would be part of itself, with no property in between: a list of itself, one of its own
 * alternatives. As data they may make sense; TypeScript refuses them (TS2502) where they stand, in an interface.
 */
export function requireEndingTypes(spec: Spec): void {
  const open = new Set<unknown>();
  const done = new Set<unknown>();
  /** `place` is that of the schema, or of the one that it stands in. */
  const visit = (node: unknown, place: string): void => {
    if (!isObject(node) || done.has(node)) return;
    if (open.has(node)) throw new SpecError(place, "this schema contains itself with no property in between");
    open.add(node);
    if (typeof node["$ref"] === "string") visit(spec.at(node["$ref"]), node["$ref"]);
    else for (const part of partsOf(node)) visit(part, place);
    open.delete(node);
    done.add(node);
  };
  const { components } = spec.document;
  const schemas = isObject(components) && isObject(components["schemas"]) ? components["schemas"] : {};
  for (const [name, schema] of Object.entries(schemas)) visit(schema, `#${pointer("components", "schemas", name)}`);
}

/** The schemas whose types a schema's own is made of, those of its properties left out. */
function partsOf({ type, items, prefixItems, allOf, anyOf, oneOf }: JsonObject): unknown[] {
  const members = [type].flat().includes("array") ? [items, prefixItems] : [];
  return [...members, allOf, anyOf, oneOf].flat();
}
