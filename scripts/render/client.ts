/** The client of a spec: one documented function per operation. */
import { comment } from "./comment.js";
import type { Operation } from "./operations.js";

/** Not formatted. @param headers what every operation always sends */
export function renderClient(operations: Operation[], headers: Record<string, string>): string {
  const merging = Object.keys(headers).length > 0;
  return `
import createFetchClient${merging ? ", { mergeHeaders }" : ""} from "openapi-fetch";
import type * as OpenApiFetch from "openapi-fetch";
import { api } from "./api.js";
import type { paths } from "./types.js";

export { api };

export type Client = OpenApiFetch.Client<paths>;

/** What a call is given: parameters, body, and the options of a request. */
export type Init<Operation> = Omit<OpenApiFetch.FetchOptions<Operation>, "parseAs">;
/** What a call gives: data, or the error that the server answered with. */
export type Result<Operation extends Record<string | number, unknown>> = Promise<OpenApiFetch.FetchResponse<Operation, unknown, \`\${string}/\${string}\`>>;

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
