/** What a spec says of the API and of each operation, as the data that `src/` reads. */
import { comment } from "./comment.js";
import type { Operation } from "./operations.js";
import { isObject, objectsIn, pointer, SpecError, textOf, type JsonObject, type Spec } from "./spec.js";

/** Not formatted. @throws SpecError */
export function renderApi(spec: Spec, provider: string, operations: Operation[]): string {
  const table = {
    provider,
    baseUrl: serverUrl(spec),
    credentialEnv: credentialEnv(spec, provider),
    baseUrlEnv: `${environmentName(provider)}_BASE_URL`,
    headers: nonEmpty(commonHeaders(operations)),
    rateLimit: rateLimit(spec),
  };
  const operationLines = operations.map((operation) => `${operation.name}: ${JSON.stringify(entryOf(operation))},`);
  return `\n${comment(["What the spec says of the API and of each operation, as data."])}export const api = {
  ${Object.entries(table)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)},`)
    .join("\n")}
  operations: {
    ${operationLines.join("\n")}
  },
} as const;
`;
}

function entryOf({ method, path, idempotent, secrets, pagination }: Operation): JsonObject {
  const places = Object.fromEntries(Object.entries(secrets).filter(([, some]: [string, string[]]) => some.length > 0));
  return { method: method.toUpperCase(), path, idempotent, secrets: nonEmpty(places), pagination };
}

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

/** The first server, its variables at their defaults. */
function serverUrl(spec: Spec): string {
  const [server = {}] = objectsIn(spec.document["servers"]);
  const variables: JsonObject = isObject(server["variables"]) ? server["variables"] : {};
  return (textOf(server["url"]) ?? "").replace(/\{([^{}]+)\}/g, (placeholder, name: string) => {
    const variable = variables[name];
    return (isObject(variable) ? textOf(variable["default"]) : undefined) ?? placeholder;
  });
}

/** The environment variable that a credential of this API is kept in: `x-env` of a security scheme, or a name made of the provider's. */
function credentialEnv(spec: Spec, provider: string): string {
  const components = isObject(spec.document["components"]) ? spec.document["components"] : {};
  const schemes = isObject(components["securitySchemes"]) ? Object.values(components["securitySchemes"]) : [];
  const [given] = schemes.flatMap((scheme) => textOf(spec.resolve(scheme)?.["x-env"]) ?? []);
  return given ?? `${environmentName(provider)}_API_KEY`;
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
