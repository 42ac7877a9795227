/** What a spec says of each operation, as plain data. */
import { uniqueNames } from "./names.js";
import { paginationOf, type Pagination } from "./pagination.js";
import { isNoExtension } from "./renderable.js";
import { isObject, METHODS, objectsIn, pointer, Spec, SpecError, textOf, type JsonObject } from "./spec.js";

// Of the walk for an operation's secrets: what is more has no end, in a document whose schemas all contain each other.
const MOST_STEPS = 5_000;
export const FORM = "application/x-www-form-urlencoded";
const SAFE_METHODS: ReadonlySet<string> = new Set(["get", "head", "options", "trace"]);

export interface Operation {
  /** The identifier that its function has; the spec's operationId wherever that is valid and unique. */
  name: string;
  method: (typeof METHODS)[number];
  path: string;
  summary: string | undefined;
  description: string | undefined;
  deprecated: boolean;
  /** Sending it twice has the effect of sending it once. */
  idempotent: boolean;
  /** What it always sends: the `x-send` of its header parameters, by name. */
  headers: Record<string, string>;
  secrets: Secrets;
  pagination: Pagination | undefined;
  /** Whether a parameter or a body is required. */
  needsInput: boolean;
  /** Its statuses as the spec writes them: `200`, `4XX`, `default`. */
  statuses: string[];
  /** The `pattern` of each plaintext that it answers with. */
  plaintext: string[];
  /** Whether its body is sent as a form. */
  form: boolean;
  /** Where its body says what the plaintext or the id of a new key will be, as JSON pointers. */
  chosen: JsonObject | undefined;
}

/** Where `format: password` marks plaintext. Bodies by JSON pointer, with `*` for each item or value. */
export interface Secrets {
  parameters: string[];
  request: string[];
  response: string[];
}

// Names that a generated client.ts uses itself, or types.ts exports beside it.
const CLIENT_SCOPE = [
  "api",
  "client",
  "Client",
  "components",
  "createClient",
  "createFetchClient",
  "init",
  "Init",
  "mergeHeaders",
  "Omit",
  "OpenApiFetch",
  "operations",
  "paths",
  "Promise",
  "Record",
  "Result",
  "webhooks",
];

/** An operation as its document has it. */
export interface OperationNode {
  method: (typeof METHODS)[number];
  path: string;
  /** Where it stands, as a JSON pointer. */
  place: string;
  pathItem: JsonObject;
  operation: JsonObject;
  /** Resolved; those of the path item included. */
  parameters: JsonObject[];
  /** By status. */
  responses: [status: string, response: unknown][];
}

export function operationNodes(spec: Spec): OperationNode[] {
  const paths = isObject(spec.document["paths"]) ? spec.document["paths"] : {};
  return Object.entries(paths).flatMap(([path, item]) => {
    const pathItem = (isNoExtension(path) ? spec.resolve(item) : undefined) ?? {};
    return METHODS.flatMap((method) => {
      const operation = spec.resolve(pathItem[method]);
      if (!operation) return [];
      const parameters = parametersOf(spec, pathItem, operation);
      const responses = Object.entries(isObject(operation["responses"]) ? operation["responses"] : {}).filter(
        ([status]) => isNoExtension(status),
      );
      return [
        { method, path, place: `#${pointer("paths", path, method)}`, pathItem, operation, parameters, responses },
      ];
    });
  });
}

export function operationsOf(spec: Spec): Operation[] {
  const secretsIn = secretFinder(spec);
  const found = operationNodes(spec);
  const names = uniqueNames(
    found.map(({ path, method, operation }) => textOf(operation["operationId"]) ?? `${method} ${path}`),
    CLIENT_SCOPE,
    "camelCase",
  );
  return found.map(({ path, place, method, operation, parameters, responses }, index) => {
    const body = spec.resolve(operation["requestBody"]);
    const answers = answersOf(spec, responses);
    const secrets: Secrets = {
      parameters: parameters
        .filter((parameter) => secretsIn([parameter["schema"]], place).length > 0)
        .map((parameter) => String(parameter["name"])),
      request: secretsIn(jsonSchemas(body), place),
      response: ownFirst(secretsIn(answers, place), operation["x-key-secret"], place),
    };
    const idempotent = operation["x-idempotent"] ?? SAFE_METHODS.has(method);
    if (typeof idempotent !== "boolean") throw new SpecError(place, "x-idempotent must be true or false");
    return {
      name: names[index] ?? "",
      method,
      path,
      summary: textOf(operation["summary"]),
      description: textOf(operation["description"]),
      deprecated: operation["deprecated"] === true,
      idempotent,
      headers: sentHeaders(parameters, place),
      secrets,
      pagination: paginationOf(spec, { operation, parameters, answers, place }),
      // A parameter of the path is, whether the document says so or not.
      needsInput: [body, ...parameters].some((one) => one?.["required"] === true || one?.["in"] === "path"),
      statuses: responses.map(([status]) => status),
      plaintext: secrets.response.flatMap((at) => patternsAt(spec, answers, at)),
      form: isForm(body),
      chosen: chosenOf(spec, operation, body, secrets, place),
    };
  });
}

/** Of several secrets, the key's own first: the one that `x-key-secret` points at. @throws SpecError */
function ownFirst(places: string[], own: unknown, place: string): string[] {
  if (own === undefined) return places;
  const at = places.find((one) => one === own);
  if (at !== undefined && places.length > 1) return [at, ...places.filter((one) => one !== at)];
  throw new SpecError(`${place}/x-key-secret`, `must be one of several secrets of the answer: ${places.join(", ")}`);
}

/** What a caller chooses of a new key: the `x-key-chosen` of its create. @throws SpecError */
function chosenOf(
  spec: Spec,
  { "x-key-chosen": chosen }: JsonObject,
  body: JsonObject | undefined,
  secrets: Secrets,
  place: string,
): JsonObject | undefined {
  if (chosen === undefined) return undefined;
  const refuse = (problem: string) => new SpecError(`${place}/x-key-chosen`, problem);
  const { secret, id, ...odd } = isObject(chosen) ? chosen : {};
  if ((secret ?? id) === undefined || Object.keys(odd).length > 0) {
    throw refuse("must be {secret}, {id} or both, each a JSON pointer into the body");
  }
  if (secret !== undefined && secrets.request.every((one) => one !== secret)) {
    throw refuse(`secret must be one of the body's secrets: ${secrets.request.join(", ") || "it has none"}`);
  }
  const isText = jsonSchemas(body).every((schema) => spec.schemaAt(schema, String(id))?.["type"] === "string");
  if (id !== undefined && !isText)
    throw refuse(`id must lead to a text in the body, and ${JSON.stringify(id)} does not`);
  return { secret, id };
}

/** Whether a body can be sent as a form alone. */
export function isForm(body: JsonObject | undefined): boolean {
  const content = isObject(body?.["content"]) ? body["content"] : {};
  return jsonSchemas(body).length === 0 && Object.keys(content).includes(FORM);
}

/** An operation's own parameters replace those of its path that have the same name and place. */
function parametersOf(spec: Spec, pathItem: JsonObject, operation: JsonObject): JsonObject[] {
  const all = [...objectsIn(pathItem["parameters"]), ...objectsIn(operation["parameters"])];
  const byPlace = new Map<string, JsonObject>();
  for (const parameter of all.map((one) => spec.resolve(one) ?? {})) {
    byPlace.set(`${String(parameter["in"])} ${String(parameter["name"])}`, parameter);
  }
  return [...byPlace.values()];
}

function sentHeaders(parameters: JsonObject[], place: string): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ in: location, name, "x-send": value }) => {
      if (value === undefined) return [];
      if (location !== "header" || typeof value !== "string" || !/^[!-~]([ -~]*[!-~])?$/.test(value)) {
        throw new SpecError(place, `x-send of the parameter ${JSON.stringify(name)} must be text, and it a header`);
      }
      return [[String(name), value]];
    }),
  );
}

/** The schemas of the JSON that a success answers with. */
export function answersOf(spec: Spec, responses: OperationNode["responses"]): unknown[] {
  return responses
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, response]) => jsonSchemas(spec.resolve(response)));
}

/** The schemas of a body's JSON media types. */
export function jsonSchemas(body: JsonObject | undefined): unknown[] {
  const content = isObject(body?.["content"]) ? body["content"] : {};
  return Object.entries(content)
    .filter(([type]) => /^application\/(.+\+)?json\b/i.test(type))
    .flatMap(([, media]) => (isObject(media) && media["schema"] !== undefined ? [media["schema"]] : []));
}

/** Finds every `format: password` below schemas. Shared ones are walked once; a schema within itself is not entered again. */
export function secretFinder(spec: Spec): (schemas: unknown[], place: string) => string[] {
  const leads = secretLeads(spec);
  const known = new Map<JsonObject, string[]>();
  const open = new Set<JsonObject>();
  let steps = 0;

  /** `whole` is false where a cycle cut the walk short: such a result holds for this walk only. */
  function within(node: unknown, place: string): { pointers: string[]; whole: boolean } {
    const schema = spec.resolve(node);
    if (!schema || !leads(node)) return { pointers: [], whole: true };
    // Beside a $ref, too: a mark is better seen twice than missed.
    if (isObject(node) && node["format"] === "password") return { pointers: [""], whole: true };
    const found = known.get(schema);
    if (found) return { pointers: found, whole: true };
    if (open.has(schema)) return { pointers: [], whole: false };
    if (++steps > MOST_STEPS)
      throw new SpecError(place, "its schemas contain each other, and secrets, in too many ways");
    open.add(schema);
    const below = members(schema).map(({ at, node }) => ({ at, ...within(node, place) }));
    open.delete(schema);
    const own = schema["format"] === "password" ? [""] : [];
    const pointers = [...new Set([...own, ...below.flatMap(({ at, pointers }) => pointers.map((rest) => at + rest))])];
    const whole = open.size === 0 || below.every((one) => one.whole);
    if (whole) known.set(schema, pointers);
    return { pointers, whole };
  }

  return (schemas, place) => {
    steps = 0;
    return [...new Set(schemas.flatMap((schema) => within(schema, place).pointers))];
  };
}

/** Tells whether a secret is anywhere below a schema, so that only then all the ways to it are looked for. */
function secretLeads(spec: Spec): (node: unknown) => boolean {
  /** By schema, those that have it as a member; of all that were asked for so far. */
  const owners = new Map<JsonObject, JsonObject[]>();
  const leading = new Set<JsonObject>();

  function enter(root: JsonObject): void {
    const entered: JsonObject[] = [];
    const secrets: JsonObject[] = [];
    const own = (schema: JsonObject): JsonObject[] => {
      const known = owners.get(schema) ?? [];
      if (!owners.has(schema)) entered.push(schema);
      owners.set(schema, known);
      return known;
    };
    own(root);
    for (let schema = entered.pop(); schema; schema = entered.pop()) {
      if (schema["format"] === "password") secrets.push(schema);
      for (const { node } of members(schema)) {
        const member = spec.resolve(node);
        if (member) own(member).push(schema);
        if ((isObject(node) && node["format"] === "password") || (member && leading.has(member))) secrets.push(schema);
      }
    }
    for (let schema = secrets.pop(); schema; schema = secrets.pop()) {
      if (leading.has(schema)) continue;
      leading.add(schema);
      secrets.push(...(owners.get(schema) ?? []));
    }
  }

  return (node) => {
    const schema = spec.resolve(node);
    if (!schema) return false;
    if (!owners.has(schema)) enter(schema);
    return leading.has(schema) || (isObject(node) && node["format"] === "password");
  };
}

/** The patterns of what stands at a place in an instance of these schemas. */
function patternsAt(spec: Spec, schemas: unknown[], at: string): string[] {
  return schemas.flatMap((node) => {
    const schema = spec.resolve(node) ?? {};
    const own = at === "" ? [isObject(node) ? node["pattern"] : undefined, schema["pattern"]] : [];
    const below = members(schema).filter(
      (member) => member.at === "" || at === member.at || at.startsWith(`${member.at}/`),
    );
    return [
      ...own.filter((pattern) => typeof pattern === "string"),
      ...below.flatMap((member) => patternsAt(spec, [member.node], at.slice(member.at.length))),
    ];
  });
}

const OF_EACH = ["items", "contains", "unevaluatedItems", "additionalProperties", "unevaluatedProperties"];

function valuesIn(map: unknown): unknown[] {
  return isObject(map) ? Object.values(map) : [];
}

/** The schemas that a schema is made of, each with the place in an instance that it speaks of. */
export function members(schema: JsonObject): { at: string; node: unknown }[] {
  const all = (at: string, nodes: unknown[]) => nodes.map((node) => ({ at, node }));
  return [
    ...Object.entries(isObject(schema["properties"]) ? schema["properties"] : {}).map(([name, node]) => ({
      at: pointer(name),
      node,
    })),
    ...all(pointer("*"), [...objectsIn(schema["prefixItems"]), ...OF_EACH.map((key) => schema[key])]),
    ...all(pointer("*"), valuesIn(schema["patternProperties"])),
    ...["allOf", "oneOf", "anyOf"].flatMap((key) => all("", objectsIn(schema[key]))),
    ...all("", objectsIn([schema["if"], schema["then"], schema["else"], ...valuesIn(schema["dependentSchemas"])])),
  ];
}
