/** Which field of a listed key is what, as `x-key-fields` says. */
import { isObject, openEnumOf, pointer, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** What a key that is listed may tell, under the facade's names, and the types that it may have. */
const KEY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  id: ["string", "integer"],
  name: ["string"],
  createdAt: ["string", "integer"],
  expiresAt: ["string", "integer"],
  lastUsedAt: ["string", "integer"],
  disabled: ["boolean"],
  limit: ["number"],
  limitRemaining: ["number"],
  usage: ["number"],
};

// Times that are numbers, by their format: how many milliseconds one is.
const TIME_UNITS: Readonly<Record<string, number>> = { unixtime: 1000, "unixtime-ms": 1 };

/** The `x-key-fields` of a schema: which of its fields is what, each as a JSON pointer. What is left out is not told. */
export function keyFields(spec: Spec): JsonObject | undefined {
  const [name, schema] = keySchema(spec) ?? [];
  const marked = schema?.["x-key-fields"];
  if (name === undefined || marked === undefined) return undefined;
  const place = `#${pointer("components", "schemas", name, "x-key-fields")}`;
  if (!isObject(marked) || marked["id"] === undefined) throw new SpecError(place, "must be an object with an id");
  const { useRecordedSince, disabledWhen, ...pointers } = marked;
  if (
    useRecordedSince !== undefined &&
    (typeof useRecordedSince !== "string" || !/^\d{4}-\d\d-\d\d$/.test(useRecordedSince))
  ) {
    throw new SpecError(`${place}/useRecordedSince`, "must be a day, such as 2025-12-31");
  }
  const units: Record<string, number> = {};
  for (const [field, at] of Object.entries(pointers)) {
    const unit = checkedField(spec, schema, place, { field, at, isWord: disabledWhen !== undefined });
    if (unit !== undefined) units[field] = unit;
  }
  requireSwitch(spec, schema, place, marked);
  const { id } = marked;
  const isInteger = typeof id === "string" && spec.schemaAt(schema, id)?.["type"] === "integer";
  return { ...marked, integerId: isInteger || undefined, units: Object.keys(units).length > 0 ? units : undefined };
}

/** Checks one field. Gives how many milliseconds one is, where it is a time that is a number. @throws SpecError */
function checkedField(
  spec: Spec,
  schema: unknown,
  place: string,
  { field, at, isWord }: { field: string; at: unknown; isWord: boolean },
): number | undefined {
  const types = Object.hasOwn(KEY_FIELDS, field) ? KEY_FIELDS[field] : undefined;
  if (types === undefined) {
    const known = [...Object.keys(KEY_FIELDS), "disabledWhen", "useRecordedSince"].join(", ");
    throw new SpecError(place, `unknown field ${JSON.stringify(field)}; known are ${known}`);
  }
  const own = `${place}${pointer(field)}`;
  if (typeof at !== "string" || !at.startsWith("/")) {
    throw new SpecError(own, "must be a JSON pointer into the key, such as /id");
  }
  const found = spec.schemaAt(schema, at);
  const [type, ...more] = [found?.["type"]].flat().filter((one) => one !== "null");
  const wanted = field === "disabled" && isWord ? ["string"] : types;
  if (more.length > 0 || typeof type !== "string" || !wanted.includes(type)) {
    throw new SpecError(own, `${JSON.stringify(at)} must lead to a ${wanted.join(" or ")} in the key`);
  }
  if (!field.endsWith("At")) return undefined;
  const format = textOf(found?.["format"]) ?? "";
  if (type === "string") {
    if (["", "date-time", "date"].includes(format)) return undefined;
    throw new SpecError(own, `a time that is text is read as date-time or date, not as ${format}`);
  }
  const unit = TIME_UNITS[format];
  if (unit !== undefined) return unit;
  throw new SpecError(own, `a time that is an integer needs a format, ${Object.keys(TIME_UNITS).join(" or ")}`);
}

/** Where a text says whether a key is switched off, `disabledWhen` lists the values of its enum that do. */
function requireSwitch(spec: Spec, schema: unknown, place: string, { disabled, disabledWhen }: JsonObject): void {
  if (disabledWhen === undefined) return;
  const found = typeof disabled === "string" ? spec.schemaAt(schema, disabled) : undefined;
  const values: unknown = openEnumOf(found)?.enum ?? found?.["enum"];
  const off = Array.isArray(disabledWhen) ? (disabledWhen as unknown[]) : [];
  if (off.length > 0 && Array.isArray(values) && off.every((one) => values.includes(one))) return;
  throw new SpecError(`${place}/disabledWhen`, "must be a list of values of the enum that `disabled` leads to");
}

/** The schema of a listed key: the one that has `x-key-fields`, or else the one that is called ApiKey. */
export function keySchema(spec: Spec): [name: string, schema: JsonObject] | undefined {
  const { components } = spec.document;
  const schemas = Object.entries(isObject(components) && isObject(components["schemas"]) ? components["schemas"] : {});
  const marked = schemas.filter(([, schema]) => isObject(schema) && schema["x-key-fields"] !== undefined);
  if (marked.length > 1) throw new SpecError("#/components/schemas", "x-key-fields stands at more than one schema");
  const [name, node] = marked[0] ?? schemas.find(([name]) => name === "ApiKey") ?? [];
  const schema = spec.resolve(node);
  return name !== undefined && schema ? [name, schema] : undefined;
}
