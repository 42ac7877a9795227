/**
 * What the renderer, openapi-typescript beneath it and TypeScript itself need of a document: nodes of the right kind, and
 * references that types can be made of. What is not so is named by its place, instead of ending as a TypeError somewhere
 * below or as types that do not compile. All else that a document may have wrong is for the linter to say.
 */
import { requireEndingTypes } from "./ending-types.js";
import { isObject, isPlainObject, METHODS, pointer, SpecError, type JsonObject, type Spec } from "./spec.js";

/** Looks at a node and at what is below it. `place` is the node's, as a JSON pointer. */
type Visit = (node: unknown, place: string) => void;

// More than a document has that was written to be read, and less than the recursion here and in the formatter survives.
const MOST_LEVELS = 100;
// Ten times what GitHub's has. With aliases, a few lines of YAML unfold into more than any machine holds.
const MOST_NODES = 1_000_000;

// The references that types can say, by what they refer to.
const SAYABLE = {
  schema: /^#\/components\/schemas\/[^/]+(\/properties\/[^/]+)?$/,
  response: /^#\/(components|paths\/[^/]+\/[a-z]+)\/responses\/[^/]+$/,
  parameter: /^#\/components\/parameters\/[^/]+$/,
  "request body": /^#\/(components\/requestBodies\/[^/]+|paths\/[^/]+\/[a-z]+\/requestBody)$/,
  header: /^#\/components\/headers\/[^/]+$/,
  "path item": /^#\/(components\/pathItems|paths)\/[^/]+$/,
  "security scheme": /^#\/components\/securitySchemes\/[^/]+$/,
};

/** @throws SpecError */
export function requireRenderable(spec: Spec): void {
  requireData(spec.document);

  /** What `visit` looks at, or a reference to it. */
  const orReference =
    (kind: keyof typeof SAYABLE, visit: Visit): Visit =>
    (node, place) => {
      if (!isObject(node) || !("$ref" in node)) {
        visit(node, place);
        return;
      }
      requireTexts(node, place, ["$ref", "title", "summary"]);
      requireReference(spec, kind, String(node["$ref"]), place);
    };

  const schemaFields: Record<string, Visit> = {
    type: texts,
    enum: listOf(() => undefined),
    discriminator: fields({ mapping: mapOf(text) }, ["propertyName"]),
    properties: (node, place) => mapOf(schema)(node, place),
    patternProperties: (node, place) => mapOf(schema)(node, place),
    additionalProperties: (node, place) => schema(node, place),
    $defs: (node, place) => mapOf(objectSchema)(node, place),
    items: (node, place) => (Array.isArray(node) ? listOf(schema) : schema)(node, place),
    prefixItems: (node, place) => listOf(schema)(node, place),
    allOf: (node, place) => listOf(objectSchema)(node, place),
    anyOf: (node, place) => listOf(schema)(node, place),
    oneOf: (node, place) => listOf(schema)(node, place),
  };
  const objectSchema = orReference("schema", (node, place) => {
    fields(schemaFields)(node, place);
    const { type, enum: values, properties, required, allOf, oneOf } = node as JsonObject;
    // Elsewhere it says nothing, and many documents have a `required: true` there.
    if (properties ?? allOf) fields({ required: texts })({ required }, place);
    // Openapi-typescript takes what such an enum lists for schemas.
    if ((values ?? undefined) !== undefined && !oneOf && [type].flat().includes("object")) {
      throw new SpecError(`${place}/enum`, "an enum of objects cannot be rendered");
    }
  });
  const schema: Visit = (node, place) => {
    if (typeof node !== "boolean") objectSchema(node, place);
  };

  const content = mapOf(fields({ $ref: neverReference, schema }));
  const parameter = orReference("parameter", fields({ schema, content, required: flag }, ["name", "in"]));
  const header = orReference("header", fields({ schema, content }));
  const requestBody = orReference("request body", fields({ content, required: flag }));
  const response = orReference("response", fields({ headers: mapOf(header), content }));

  const operationIds = new Map<string, string>();
  const operationId: Visit = (node, place) => {
    text(node, place);
    // As openapi-typescript writes it.
    const id = String(node).replaceAll("#", "/");
    const operation = place.slice(0, -"/operationId".length);
    const other = operationIds.get(id);
    if (other !== undefined) {
      throw new SpecError(operation, `the operationId ${JSON.stringify(node)} is also that of ${other}`);
    }
    if (id !== "") operationIds.set(id, operation);
  };
  const parameters: Visit = (node, place) => {
    listOf(parameter)(node, place);
    const known = new Set<string>();
    for (const [index, one] of (node as unknown[]).entries()) {
      const { name, in: location } = spec.resolve(one) ?? {};
      const key = `${String(location)} ${String(name)}`;
      if (known.has(key)) throw new SpecError(`${place}${pointer(index)}`, `a second ${key} parameter`);
      known.add(key);
    }
  };
  const operation = fields({
    $ref: neverReference,
    operationId,
    parameters,
    requestBody,
    responses: mapOf(response, isNoExtension),
  });
  const pathItem = orReference(
    "path item",
    fields({ parameters, ...Object.fromEntries(METHODS.map((method) => [method, operation])) }),
  );

  fields({
    paths: mapOf(pathItem, isNoExtension),
    webhooks: mapOf(pathItem),
    components: fields({
      schemas: mapOf(schema),
      responses: mapOf(response),
      parameters: mapOf(parameter),
      requestBodies: mapOf(requestBody),
      headers: mapOf(header),
      pathItems: mapOf(pathItem),
      securitySchemes: mapOf(orReference("security scheme", fields({}))),
    }),
  })(spec.document, "#");
  requireEndingTypes(spec);
}

export function isNoExtension(name: string): boolean {
  return !name.startsWith("x-");
}

function requireData(document: unknown): void {
  let nodes = 0;
  const visit = (node: unknown, place: string, level: number): void => {
    if (typeof node !== "object" || node === null) return;
    if (level > MOST_LEVELS) throw new SpecError(place, `nested more than ${MOST_LEVELS} levels deep`);
    if (++nodes > MOST_NODES) throw new SpecError("#", `unfolds into more than ${MOST_NODES} objects and lists`);
    const all = Array.isArray(node) ? node.entries() : Object.entries(node);
    for (const [key, value] of all) visit(value, place + pointer(key), level + 1);
    if (isObject(node)) requireMembers(node, place);
  };
  visit(document, "#", 0);
}

/** What openapi-typescript needs of every object, wherever it stands: it looks for discriminators in examples, too. */
function requireMembers(node: JsonObject, place: string): void {
  const { allOf, oneOf, discriminator } = node;
  const discriminated = isObject(discriminator) && Boolean(discriminator["propertyName"]);
  if (discriminated) fields({ mapping: mapOf(text) }, ["propertyName"])(discriminator, `${place}/discriminator`);
  for (const [name, members] of Object.entries({ allOf, ...(discriminated ? { oneOf } : {}) })) {
    if (!Array.isArray(members)) continue;
    for (const [index, member] of members.entries()) fields({ $ref: text })(member, place + pointer(name, index));
  }
}

function requireReference(spec: Spec, kind: keyof typeof SAYABLE, ref: string, place: string): void {
  const said = `$ref ${JSON.stringify(ref)}`;
  if (!ref.startsWith("#")) throw new SpecError(place, `${said} leaves the document; bundle it first`);
  const seen = new Set<string>();
  for (let current: unknown = { $ref: ref }; isObject(current) && typeof current["$ref"] === "string";) {
    if (seen.has(current["$ref"])) throw new SpecError(place, `${said} leads back to itself`);
    seen.add(current["$ref"]);
    current = spec.at(current["$ref"]);
    if (current === undefined) throw new SpecError(place, `${said} leads nowhere`);
  }
  const [, property] = /^(.*)\/properties\/[^/]+$/.exec(ref) ?? [];
  const within = kind === "schema" && property !== undefined ? spec.at(property) : undefined;
  if (!SAYABLE[kind].test(ref) || (within !== undefined && !isPlainObject(within))) {
    throw new SpecError(
      place,
      `${said} cannot be said as a type: give the ${kind} a name in components, and refer to that`,
    );
  }
}

function text(node: unknown, place: string): void {
  if (typeof node !== "string") throw new SpecError(place, "must be text");
}

function flag(node: unknown, place: string): void {
  if (typeof node !== "boolean") throw new SpecError(place, "must be true or false");
}

function texts(node: unknown, place: string): void {
  if (![node].flat().every((one) => typeof one === "string"))
    throw new SpecError(place, "must be text or a list of texts");
}

function requireTexts(node: JsonObject, place: string, names: string[]): void {
  for (const name of names) if ((node[name] ?? undefined) !== undefined) text(node[name], place + pointer(name));
}

/** Refuses a reference where OpenAPI knows none, though the linter follows them all. */
const neverReference: Visit = (_node, place) => {
  throw new SpecError(place, "a $ref cannot stand here");
};

/** An object with these texts, and with these fields as far as it has them; null is what YAML gives for a field left empty. */
function fields(visits: Record<string, Visit>, needed: string[] = []): Visit {
  return (node, place) => {
    if (!isObject(node)) throw new SpecError(place, "must be an object");
    for (const name of needed) text(node[name], place + pointer(name));
    requireTexts(node, place, ["title", "summary"]);
    for (const [name, visit] of Object.entries(visits)) {
      if ((node[name] ?? undefined) !== undefined) visit(node[name], place + pointer(name));
    }
  };
}

function mapOf(visit: Visit, counts: (name: string) => boolean = () => true): Visit {
  return (node, place) => {
    if (!isObject(node)) throw new SpecError(place, "must be an object");
    for (const [name, value] of Object.entries(node)) if (counts(name)) visit(value, place + pointer(name));
  };
}

function listOf(visit: Visit): Visit {
  return (node, place) => {
    if (!Array.isArray(node)) throw new SpecError(place, "must be a list");
    for (const [index, value] of node.entries()) visit(value, place + pointer(index));
  };
}
