/** What a spec says of the API and of each operation, as the data that `src/` reads. */
import { comment } from "./comment.js";
import { jsonSchemas, operationNodes, type Operation } from "./operations.js";
import { isObject, objectsIn, pointer, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** Not formatted. @throws SpecError */
export function renderApi(spec: Spec, provider: string, operations: Operation[]): string {
  return `\n${comment(["What the spec says of the API and of each operation, as data."])}export const api = ${JSON.stringify(
    apiOf(spec, provider, operations),
  )} as const;\n`;
}

/** What the rendered table holds. @throws SpecError */
export function apiOf(spec: Spec, provider: string, operations: Operation[]): JsonObject {
  const auth = authOf(spec);
  return {
    provider,
    baseUrl: serverUrl(spec),
    credentialEnv: auth?.env ?? `${environmentName(provider)}_API_KEY`,
    baseUrlEnv: `${environmentName(provider)}_BASE_URL`,
    headers: nonEmpty(commonHeaders(operations)),
    rateLimit: rateLimit(spec),
    auth: auth?.sent,
    plaintext: nonEmpty([...new Set(operations.flatMap(({ plaintext }) => plaintext))]),
    key: keyFields(spec),
    error: nonEmpty(errorFields(spec)),
    operations: Object.fromEntries(operations.map((operation) => [operation.name, entryOf(operation)])),
  };
}

function entryOf({ method, path, idempotent, secrets, pagination }: Operation): JsonObject {
  const places = Object.fromEntries(Object.entries(secrets).filter(([, some]: [string, string[]]) => some.length > 0));
  return { method: method.toUpperCase(), path, idempotent, secrets: nonEmpty(places), pagination };
}

/** What the errors of all operations have for sure. */
function errorFields(spec: Spec): string[] {
  const all = operationNodes(spec).flatMap(({ responses }) => {
    const errors = responses.filter(([status]) => !/^[123]/.test(status));
    return errors.flatMap(([, response]) => jsonSchemas(spec.resolve(response)).map((schema) => spec.resolve(schema)));
  });
  const [first, ...others] = all.map((schema) => [schema?.["required"] ?? []].flat().map(String));
  return (first ?? []).filter((name) => others.every((names) => names.includes(name))).map((name) => pointer(name));
}

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

/** The first server, its variables at their defaults. */
export function serverUrl(spec: Spec): string {
  const [server = {}] = objectsIn(spec.document["servers"]);
  const variables: JsonObject = isObject(server["variables"]) ? server["variables"] : {};
  return (textOf(server["url"]) ?? "").replace(/\{([^{}]+)\}/g, (placeholder, name: string) => {
    const variable = variables[name];
    return (isObject(variable) ? textOf(variable["default"]) : undefined) ?? placeholder;
  });
}

/** How the credential is sent, where it is in one header. */
interface Auth {
  sent: {
    header: string;
    /** What stands before the credential in the header, its space included. */
    prefix: string;
  };
  /** The environment variable that it is kept in, where the spec names one. */
  env: string | undefined;
}

/**
 * How the credential is sent: by the first alternative of the document's `security`. Undefined where it is not in one
 * header, as a token.
 */
export function authOf(spec: Spec): Auth | undefined {
  const [requirement = {}] = objectsIn(spec.document["security"]);
  const [name, ...more] = Object.keys(requirement);
  if (name === undefined || more.length > 0) return undefined;
  const scheme = spec.resolve(spec.at(`#${pointer("components", "securitySchemes", name)}`)) ?? {};
  const env = textOf(scheme["x-env"]);
  if (scheme["type"] === "http" && String(scheme["scheme"]).toLowerCase() === "bearer") {
    return { sent: { header: "Authorization", prefix: "Bearer " }, env };
  }
  const header = textOf(scheme["name"]);
  if (scheme["type"] !== "apiKey" || scheme["in"] !== "header" || header === undefined) return undefined;
  return { sent: { header, prefix: textOf(scheme["x-prefix"]) ?? "" }, env };
}

/** What a key that is listed may tell, under the facade's names, and the type that it has to have. */
const KEY_FIELDS: Readonly<Record<string, string>> = {
  id: "string",
  name: "string",
  createdAt: "string",
  expiresAt: "string",
  lastUsedAt: "string",
  disabled: "boolean",
  limit: "number",
  limitRemaining: "number",
  usage: "number",
};

/** The `x-key-fields` of a schema: which of its fields is what, each as a JSON pointer. What is left out is not told. */
function keyFields(spec: Spec): JsonObject | undefined {
  const [name, schema] = keySchema(spec) ?? [];
  const marked = schema?.["x-key-fields"];
  if (name === undefined || marked === undefined) return undefined;
  const place = `#${pointer("components", "schemas", name, "x-key-fields")}`;
  if (!isObject(marked) || marked["id"] === undefined) throw new SpecError(place, "must be an object with an id");
  const { useRecordedSince, ...pointers } = marked;
  if (
    useRecordedSince !== undefined &&
    (typeof useRecordedSince !== "string" || !/^\d{4}-\d\d-\d\d$/.test(useRecordedSince))
  ) {
    throw new SpecError(`${place}/useRecordedSince`, "must be a day, such as 2025-12-31");
  }
  for (const [field, at] of Object.entries(pointers)) {
    const type = Object.hasOwn(KEY_FIELDS, field) ? KEY_FIELDS[field] : undefined;
    if (type === undefined) {
      throw new SpecError(
        place,
        `unknown field ${JSON.stringify(field)}; known are ${[...Object.keys(KEY_FIELDS), "useRecordedSince"].join(", ")}`,
      );
    }
    if (typeof at !== "string" || !at.startsWith("/")) {
      throw new SpecError(`${place}${pointer(field)}`, "must be a JSON pointer into the key, such as /id");
    }
    const types = [spec.schemaAt(schema, at)?.["type"]].flat().filter((one) => one !== "null");
    if (types.length !== 1 || types[0] !== type) {
      throw new SpecError(`${place}${pointer(field)}`, `${JSON.stringify(at)} must lead to a ${type} in the key`);
    }
  }
  return marked;
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

function environmentName(provider: string): string {
  return provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}

/** What every operation always sends. @throws SpecError where it is not every one */
export function commonHeaders(operations: Operation[]): Record<string, string> {
  const all = Object.assign({}, ...operations.map(({ headers }) => headers)) as Record<string, string>;
  for (const [name, value] of Object.entries(all)) {
    const other = operations.find(({ headers }) => headers[name] !== value);
    if (!other) continue;
    throw new SpecError(
      `#${pointer("paths", other.path, other.method)}`,
      `lacks the header ${JSON.stringify(name)} with x-send: ${JSON.stringify(value)}, which another operation has`,
    );
  }
  return all;
}

function rateLimit(spec: Spec): JsonObject | undefined {
  const limit = spec.document["x-rate-limit"];
  if (limit === undefined) return undefined;
  const { requests, seconds } = isObject(limit) ? limit : {};
  if (typeof requests !== "number" || typeof seconds !== "number" || !(requests > 0) || !(seconds > 0)) {
    throw new SpecError("#/x-rate-limit", "must be {requests, seconds}, both numbers above 0");
  }
  return { requests, seconds };
}
