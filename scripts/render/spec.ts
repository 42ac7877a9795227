/** Reading a parsed OpenAPI document as what it is: unknown data with `$ref`s in it. */

export type JsonObject = Record<string, unknown>;

export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the type of a schema is one of properties and nothing else, so that each of them can be named in it. */
export function isPlainObject(schema: unknown): schema is JsonObject {
  if (!isObject(schema) || schema["nullable"] === true) return false;
  const others = ["$ref", "anyOf", "oneOf", "enum", "const"];
  return (schema["type"] ?? "object") === "object" && others.every((key) => schema[key] === undefined);
}

export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What is known of an enum beside which any other text is accepted: the first part of an `anyOf` of the two. */
export function openEnumOf(schema: unknown): { enum: string[] } | undefined {
  const [known, any, ...more] = isObject(schema) ? objectsIn(schema["anyOf"]) : [];
  const isAnyText = any?.["type"] === "string" && Object.keys(any).length === 1;
  if (known?.["type"] !== "string" || !isAnyText || more.length > 0) return undefined;
  const values = known["enum"];
  return Array.isArray(values) && values.every((one) => typeof one === "string")
    ? { ...known, enum: values }
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A spec says something that cannot be rendered. `place` is a JSON pointer into it. */
export class SpecError extends Error {
  override readonly name = "SpecError";
  readonly place: string;

  constructor(place: string, problem: string) {
    // White space of a name would end the place, for whoever reads it.
    super(`${place.replace(/\s/g, encodeURIComponent)}: ${problem}`);
    this.place = place;
  }
}

export function pointer(...tokens: (string | number)[]): string {
  return tokens.map((token) => `/${String(token).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** The parts of a JSON pointer, unescaped. */
export function tokensOf(jsonPointer: string): string[] {
  return jsonPointer
    .split("/")
    .slice(1)
    .map((token) => token.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** As it stands where it cannot be decoded: then nothing has that name. */
export function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

export class Spec {
  readonly document: JsonObject;

  constructor(document: unknown) {
    if (!isObject(document)) throw new SpecError("#", "an OpenAPI document must be an object");
    const version = document["openapi"];
    if (typeof version !== "string" || !/^3\.[012]\./.test(version)) {
      throw new SpecError("#/openapi", `expected an OpenAPI version 3.0, 3.1 or 3.2, found ${JSON.stringify(version)}`);
    }
    this.document = document;
  }

  /** Follows `$ref`s until something else is found. Only references within the document are followed. */
  resolve(node: unknown): JsonObject | undefined {
    const seen = new Set<string>();
    let current = node;
    while (isObject(current) && typeof current["$ref"] === "string") {
      const ref = current["$ref"];
      if (!ref.startsWith("#"))
        throw new SpecError("#", `$ref ${JSON.stringify(ref)} leaves the document; bundle it first`);
      if (seen.has(ref)) throw new SpecError(ref, "this $ref leads back to itself");
      seen.add(ref);
      current = this.at(ref);
      if (current === undefined) throw new SpecError(ref, "nothing is found at this $ref");
    }
    return isObject(current) ? current : undefined;
  }

  /** What a reference within the document leads to, which may be another one; undefined where that is nothing. */
  at(ref: string): unknown {
    let current: unknown = this.document;
    for (const token of tokensOf(decoded(ref.slice(1)))) {
      if (typeof current !== "object" || current === null || !Object.hasOwn(current, token)) return undefined;
      current = (current as JsonObject)[token];
    }
    return current;
  }

  /** The schema that a JSON pointer into an instance of `schema` leads to, or undefined. */
  schemaAt(schema: unknown, instancePointer: string): JsonObject | undefined {
    let current = this.resolve(schema);
    for (const token of tokensOf(instancePointer)) {
      current = this.member(current, token);
      if (!current) return undefined;
    }
    return current;
  }

  private member(schema: JsonObject | undefined, name: string): JsonObject | undefined {
    if (!schema) return undefined;
    const properties = schema["properties"];
    if (isObject(properties) && Object.hasOwn(properties, name)) return this.resolve(properties[name]);
    // Of an array, an item by its number; -1 is the last.
    if (schema["items"] !== undefined && /^(-1|\d+)$/.test(name)) return this.resolve(schema["items"]);
    for (const part of ["allOf", "oneOf", "anyOf"].flatMap((key) => objectsIn(schema[key]))) {
      const found = this.member(this.resolve(part), name);
      if (found) return found;
    }
    return undefined;
  }
}
