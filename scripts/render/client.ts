/** The client of a spec: one documented function per operation, and what the spec says of each as data. */
import { comment } from "./comment.js";
import { operationsOf, type Operation } from "./operations.js";
import { isObject, objectsIn, pointer, Spec, SpecError, textOf, type JsonObject } from "./spec.js";

export function renderClient(spec: Spec, provider: string): string {
  const operations = operationsOf(spec);
  const headers = commonHeaders(operations);
  const merging = Object.keys(headers).length > 0;
  return `
import createFetchClient${merging ? ", { mergeHeaders }" : ""} from "openapi-fetch";
import type * as OpenApiFetch from "openapi-fetch";
import type { paths } from "./types.js";

export type Client = OpenApiFetch.Client<paths>;

type Init<Operation> = Omit<OpenApiFetch.FetchOptions<Operation>, "parseAs">;
type Result<Operation extends Record<string | number, unknown>> = Promise<OpenApiFetch.FetchResponse<Operation, unknown, \`\${string}/\${string}\`>>;

${comment(["What the spec says of the API and of each operation, as data."])}export const api = {
  provider: ${JSON.stringify(provider)},
  baseUrl: ${JSON.stringify(serverUrl(spec))},
  credentialEnv: ${JSON.stringify(credentialEnv(spec, provider))},
  baseUrlEnv: ${JSON.stringify(`${environmentName(provider)}_BASE_URL`)},
  ${merging ? `headers: ${JSON.stringify(headers)},\n` : ""}${rateLimit(spec)}operations: {
    ${operations.map(tableEntry).join("\n")}
  },
} as const;

${comment([
  "An openapi-fetch client of this API: its paths, parameters and bodies, typed. Nothing is added to what is sent but the headers that the spec says to send always.",
])}export function createClient(options: OpenApiFetch.ClientOptions = {}): Client {
  return createFetchClient<paths>({
    ...options,
    baseUrl: options.baseUrl ?? api.baseUrl,
    ${merging ? "headers: mergeHeaders(api.headers, options.headers)," : ""}
  });
}

${operations.map(operationFunction).join("\n")}`;
}

function tableEntry(operation: Operation): string {
  const secrets = Object.entries(operation.secrets).filter(([, places]: [string, string[]]) => places.length > 0);
  const entry = {
    method: operation.method.toUpperCase(),
    path: operation.path,
    idempotent: operation.idempotent,
    ...(secrets.length > 0 ? { secrets: Object.fromEntries(secrets) } : {}),
    ...(operation.pagination ? { pagination: operation.pagination } : {}),
  };
  return `${operation.name}: ${JSON.stringify(entry)},`;
}

function operationFunction(operation: Operation): string {
  const type = `paths[${JSON.stringify(operation.path)}][${JSON.stringify(operation.method)}]`;
  const method = operation.method.toUpperCase();
  return `${comment([
    operation.summary,
    operation.description,
    `\`${method} ${operation.path}\`, answering ${operation.statuses.join(", ") || "nothing that its spec declares"}`,
    operation.deprecated ? "@deprecated" : undefined,
  ])}export function ${operation.name}(client: Client, init${operation.needsInput ? "" : "?"}: Init<${type}>): Result<${type}> {
  return client.${method}(${JSON.stringify(operation.path)}, init);
}
`;
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

/** What every operation always sends. */
function commonHeaders(operations: Operation[]): Record<string, string> {
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

function rateLimit(spec: Spec): string {
  const limit = spec.document["x-rate-limit"];
  if (limit === undefined) return "";
  const { requests, seconds } = isObject(limit) ? limit : {};
  if (typeof requests !== "number" || typeof seconds !== "number" || !(requests > 0) || !(seconds > 0)) {
    throw new SpecError("#/x-rate-limit", "must be {requests, seconds}, both numbers above 0");
  }
  return `rateLimit: ${JSON.stringify({ requests, seconds })},\n`;
}
