/** What a spec says of the API and of each operation, as the data that `src/` reads. */
import { comment } from "./comment.js";
import { answersOf, jsonSchemas, operationNodes, type Operation } from "./operations.js";
import { isObject, objectsIn, openEnumOf, pointer, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** Not formatted. @throws SpecError */
export function renderApi(spec: Spec, provider: string, operations: Operation[]): string {
  return `\n${comment(["What the spec says of the API and of each operation, as data."])}export const api = ${JSON.stringify(
    apiOf(spec, provider, operations),
  )} as const;\n`;
}

/** What the rendered table holds. @throws SpecError */
export function apiOf(spec: Spec, provider: string, operations: Operation[]): JsonObject {
  const [first, ...others] = authOf(spec);
  return {
    provider,
    baseUrl: serverUrl(spec),
    selfHosted: isSelfHosted(spec) || undefined,
    credentialEnv: first?.env ?? `${environmentName(provider)}_API_KEY`,
    baseUrlEnv: textOf(firstServer(spec)["x-env"]) ?? `${environmentName(provider)}_BASE_URL`,
    headers: nonEmpty(commonHeaders(operations)),
    rateLimit: rateLimit(spec),
    auth: first && [{ ...first, env: undefined }, ...others],
    parents: nonEmpty(parentsOf(spec)),
    envelope: envelopeOf(spec),
    plaintext: nonEmpty([...new Set(operations.flatMap(({ plaintext }) => plaintext))]),
    key: keyFields(spec),
    error: nonEmpty(errorFields(spec)),
    operations: Object.fromEntries(operations.map((operation) => [operation.name, entryOf(operation)])),
  };
}

function entryOf({ method, path, idempotent, secrets, pagination, form }: Operation): JsonObject {
  const places = Object.fromEntries(Object.entries(secrets).filter(([, some]: [string, string[]]) => some.length > 0));
  const body = form ? "form" : undefined;
  return { method: method.toUpperCase(), path, idempotent, body, secrets: nonEmpty(places), pagination };
}

/** What the errors of all operations have for sure. */
function errorFields(spec: Spec): string[] {
  const all = operationNodes(spec).flatMap(({ responses }) => {
    const errors = responses.filter(([status]) => !/^[123]/.test(status));
    return errors.flatMap(([, response]) => jsonSchemas(spec.resolve(response)).map((schema) => spec.resolve(schema)));
  });
  const [first, ...others] = all.map((schema) =>
    [schema?.["required"] ?? []]
      .flat()
      .map(String)
      // What may be null tells nothing.
      .filter((name) => ![spec.schemaAt(schema, pointer(name))?.["type"]].flat().includes("null")),
  );
  return (first ?? []).filter((name) => others.every((names) => names.includes(name))).map((name) => pointer(name));
}

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

function firstServer(spec: Spec): JsonObject {
  return objectsIn(spec.document["servers"])[0] ?? {};
}

/** Whether everybody has a server of their own: then the URL of the spec is an example. */
function isSelfHosted(spec: Spec): boolean {
  return firstServer(spec)["x-self-hosted"] === true;
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

/** How a part of the credential is sent. */
interface AuthHeader {
  header: string;
  /** What stands before the credential in the header, its space included. */
  prefix: string;
  /** Where the credential is `user:password`, and sent as RFC 7617 says. */
  basic?: true;
  /** The environment variable that it is kept in, where the spec names one. */
  env?: string | undefined;
  /** What the option of the factory is called that it is given by; of the first it is `apiKey`. */
  option?: string | undefined;
}

/**
 * How the credential is sent: by the first alternative of the document's `security`, each of whose schemes is a header.
 * Empty where one of them is none, or nothing says by which option it is given.
 */
export function authOf(spec: Spec): AuthHeader[] {
  const [requirement = {}] = objectsIn(spec.document["security"]);
  const headers = Object.keys(requirement).map((name, index): AuthHeader | undefined => {
    const scheme = spec.resolve(spec.at(`#${pointer("components", "securitySchemes", name)}`)) ?? {};
    const sent = sentBy(scheme);
    const option = index === 0 ? undefined : textOf(scheme["x-option"]);
    if (!sent || (index > 0 && option === undefined)) return undefined;
    return { ...sent, env: textOf(scheme["x-env"]), option };
  });
  const all = headers.filter((one) => one !== undefined);
  return all.length === headers.length ? all : [];
}

function sentBy(scheme: JsonObject): AuthHeader | undefined {
  const kind = scheme["type"] === "http" ? String(scheme["scheme"]).toLowerCase() : undefined;
  if (kind === "bearer") return { header: "Authorization", prefix: "Bearer " };
  if (kind === "basic") return { header: "Authorization", prefix: "Basic ", basic: true };
  const header = textOf(scheme["name"]);
  if (scheme["type"] !== "apiKey" || scheme["in"] !== "header" || header === undefined) return undefined;
  return { header, prefix: textOf(scheme["x-prefix"]) ?? "" };
}

/**
 * The path parameters that are given when a facade is made, by name: those with an `x-option`.
 *
 * @throws SpecError where two operations say different things of one
 */
function parentsOf(spec: Spec): JsonObject {
  const nodes = operationNodes(spec);
  const all: Record<string, { option: string; env: string | undefined }> = {};
  for (const { place, parameters } of nodes) {
    for (const { in: location, name, "x-option": option, "x-env": env } of parameters) {
      if (option === undefined) continue;
      if (location !== "path" || typeof option !== "string" || !/^[a-z][A-Za-z0-9]*$/.test(option)) {
        const problem = "must be the name of an option, such as account, and it a parameter of the path";
        throw new SpecError(place, `x-option of the parameter ${JSON.stringify(name)} ${problem}`);
      }
      const parent = { option, env: textOf(env) };
      const known = (all[String(name)] ??= parent);
      if (known.option === parent.option && known.env === parent.env) continue;
      throw new SpecError(place, `the parameter ${JSON.stringify(name)} has another x-option or x-env elsewhere`);
    }
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, parent]) => {
      const required = nodes.every(({ path }) => path.includes(`{${name}}`));
      return [name, { ...parent, ...(required && { required }) }];
    }),
  );
}

/** Where an answer says that it is a success, and where it has what was asked for. @throws SpecError */
function envelopeOf(spec: Spec): JsonObject | undefined {
  const envelope = spec.document["x-envelope"];
  if (envelope === undefined) return undefined;
  const place = "#/x-envelope";
  const { success, result, ...odd } = isObject(envelope) ? envelope : {};
  if (typeof success !== "string" || typeof result !== "string" || Object.keys(odd).length > 0) {
    throw new SpecError(place, "must be {success, result}, both JSON pointers into the answers");
  }
  for (const { place: at, responses } of operationNodes(spec)) {
    for (const answer of answersOf(spec, responses)) {
      if (spec.schemaAt(answer, success)?.["type"] === "boolean" && spec.schemaAt(answer, result)) continue;
      throw new SpecError(
        at,
        `x-envelope: ${success} must lead to a boolean in the answer, and ${result} to something`,
      );
    }
  }
  return { success, result };
}

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
function keyFields(spec: Spec): JsonObject | undefined {
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
  return { ...marked, integerId: isInteger || undefined, units: nonEmpty(units) };
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
  if (type !== "integer" || !field.endsWith("At")) return undefined;
  const unit = TIME_UNITS[String(found?.["format"])];
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
