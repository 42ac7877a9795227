/** What a spec says of the API and of each operation, as the data that `src/` reads. */
import { authOf, variableOf } from "./auth.js";
import { comment } from "./comment.js";
import { keyFields } from "./key-fields.js";
import { answersOf, jsonSchemas, operationNodes, type Operation } from "./operations.js";
import { isObject, objectsIn, pointer, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** Not formatted. @param kit what exports the type that the table has to have, where that is checked. @throws SpecError */
export function renderApi(spec: Spec, provider: string, operations: Operation[], kit?: string): string {
  const table = JSON.stringify(apiOf(spec, provider, operations));
  const [imported, checked] = kit === undefined ? ["", ""] : [`import type { Api } from "${kit}";\n`, " satisfies Api"];
  const documentation = comment(["What the spec says of the API and of each operation, as data."]);
  return `${imported}\n${documentation}export const api = ${table} as const${checked};\n`;
}

/** What the rendered table holds. @throws SpecError */
export function apiOf(spec: Spec, provider: string, operations: Operation[]): JsonObject {
  const [first, ...others] = authOf(spec);
  return {
    provider,
    baseUrl: serverUrl(spec),
    selfHosted: isSelfHosted(spec) || undefined,
    credentialEnv: first?.env ?? `${environmentName(provider)}_API_KEY`,
    baseUrlEnv: variableOf(firstServer(spec), "#/servers/0") ?? `${environmentName(provider)}_BASE_URL`,
    headers: nonEmpty(commonHeaders(operations)),
    rateLimit: rateLimit(spec),
    auth: first && [{ ...first, env: undefined }, ...others],
    parents: nonEmpty(parentsOf(spec)),
    envelope: envelopeOf(spec),
    plaintext: nonEmpty([...new Set(operations.flatMap(({ plaintext }) => plaintext))]),
    key: keyFields(spec),
    error: nonEmpty(errorFields(spec)),
    absent: nonEmpty(absentFields(spec)),
    operations: Object.fromEntries(operations.map((operation) => [operation.name, entryOf(operation)])),
  };
}

function entryOf({ method, path, idempotent, secrets, pagination, form, chosen }: Operation): JsonObject {
  const places = Object.fromEntries(Object.entries(secrets).filter(([, some]: [string, string[]]) => some.length > 0));
  const body = form ? "form" : undefined;
  return { method: method.toUpperCase(), path, idempotent, body, secrets: nonEmpty(places), pagination, chosen };
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
      .filter((name) => !mayBeNull(spec, spec.schemaAt(schema, pointer(name)))),
  );
  return (first ?? []).filter((name) => others.every((names) => names.includes(name))).map((name) => pointer(name));
}

/** What the answer to a deletion that there is no such key has for sure: of each place its schema, as far as it is compared. */
function absentFields(spec: Spec): JsonObject {
  const deletions = operationNodes(spec).filter(({ method }) => method === "delete");
  const all = deletions.flatMap(({ responses }) =>
    responses
      .filter(([status]) => status === "404")
      .flatMap(([, response]) => jsonSchemas(spec.resolve(response)).map((schema) => leavesOf(spec, schema, ""))),
  );
  const [first = [], ...others] = all.map((leaves) => leaves.map((leaf) => JSON.stringify(leaf)));
  const common = first.filter((leaf) => others.every((leaves) => leaves.includes(leaf)));
  return Object.fromEntries(common.map((leaf) => JSON.parse(leaf) as [string, JsonObject]));
}

/** What cannot be missing in an instance of a schema, and has no parts of which that is true. */
function leavesOf(spec: Spec, node: unknown, place: string): [place: string, schema: JsonObject][] {
  // A schema that requires itself has no end.
  const schema = place.split("/").length > 5 ? {} : (spec.resolve(node) ?? {});
  const { type, const: value, required = [], items, minItems = 0 } = schema;
  const inner = [required].flat().flatMap((name) => {
    const member = spec.schemaAt(schema, pointer(String(name)));
    return leavesOf(spec, member, place + pointer(String(name)));
  });
  if (Number(minItems) > 0) inner.push(...leavesOf(spec, items, `${place}/0`));
  if (inner.length > 0) return inner;
  if (value !== undefined) return [[place, { const: value }]];
  // What may be null tells nothing.
  return typeof type === "string" && place !== "" && !mayBeNull(spec, schema) ? [[place, { type }]] : [];
}

/** In the words of any version: a type among others, an alternative, or `nullable`. */
function mayBeNull(spec: Spec, node: unknown): boolean {
  const { type, nullable, const: value, enum: values, anyOf, oneOf } = spec.resolve(node) ?? {};
  if (nullable === true || value === null || [type].flat().includes("null")) return true;
  if (Array.isArray(values) && values.includes(null)) return true;
  return [anyOf, oneOf].flatMap(objectsIn).some((part) => mayBeNull(spec, part));
}

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

function firstServer(spec: Spec): JsonObject {
  return objectsIn(spec.document["servers"])[0] ?? {};
}

/** Whether everybody has a server of their own: then the URL of the spec is an example. @throws SpecError */
function isSelfHosted(spec: Spec): boolean {
  const { "x-self-hosted": selfHosted = false } = firstServer(spec);
  if (typeof selfHosted === "boolean") return selfHosted;
  throw new SpecError("#/servers/0/x-self-hosted", "must be true or false");
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
      const parent = { option, env: variableOf({ "x-env": env }, place) };
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
  const { requests, seconds, ...odd } = isObject(limit) ? limit : {};
  const isCount = (one: unknown) => Number.isFinite(one) && Number(one) > 0;
  if (!isCount(requests) || !isCount(seconds) || Object.keys(odd).length > 0) {
    throw new SpecError("#/x-rate-limit", "must be {requests, seconds}, both numbers above 0");
  }
  return { requests, seconds };
}
