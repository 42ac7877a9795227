import { apis } from "../../generated/apis.js";
import type { Api, OperationSpec } from "../api.js";
import type { ProviderName } from "../key.js";

export type { ProviderName };

/** An operation of a provider, such as `createApiKey`. */
export type OperationId<P extends ProviderName> = keyof (typeof apis)[P]["operations"] & string;

/** An operation of any provider, such as `lantern.createApiKey`. */
export type Operation = { [P in ProviderName]: `${P}.${OperationId<P>}` }[ProviderName];

export interface Route {
  provider: ProviderName;
  /** The path below the provider's base URL. */
  path: string;
  /** Undefined where the provider has no such operation. */
  match: Match | undefined;
  /** Whether another method of this path is an operation. */
  otherMethod: boolean;
  /** The names of the headers that every request should have. */
  headers: string[];
}

export interface Match {
  operation: string;
  spec: OperationSpec;
  params: Readonly<Record<string, string>>;
}

export const names = Object.keys(apis) as ProviderName[];

const tables = names.map((provider) => {
  const api: Api = apis[provider];
  const { host, pathname } = new URL(api.baseUrl);
  return {
    provider,
    host,
    basePath: pathname.replace(/\/$/, ""),
    headers: Object.keys(api.headers ?? {}),
    operations: Object.entries(api.operations).map(([operation, spec]) => ({
      operation,
      spec,
      pattern: new RegExp(`^${spec.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
    })),
  };
});

/** Where each provider answers on any host: below its name, at the path that its own base URL has. */
export const prefixes = Object.fromEntries(
  tables.map(({ provider, basePath }) => [provider, `/${provider}${basePath}`]),
) as Record<ProviderName, string>;

export const operations: ReadonlySet<string> = new Set(
  tables.flatMap(({ provider, operations }) => operations.map(({ operation }) => `${provider}.${operation}`)),
);

/**
 * By the host of a provider's own base URL, or by the path prefix on any other host; undefined where neither fits. Where
 * several providers have one base URL, the one that has the operation. `routed` gives the path by which a provider routes a
 * request.
 */
export function route(
  method: string,
  url: URL,
  routed: (provider: ProviderName, path: string) => string = (_, path) => path,
): Route | undefined {
  const named = tables.find(
    ({ host, provider }) => url.host !== host && url.pathname.startsWith(`${prefixes[provider]}/`),
  );
  const below = (table: Table) => (named ? prefixes[named.provider] : table.basePath);
  const asked = tables.filter((table) =>
    named
      ? table.host === named.host && table.basePath === named.basePath
      : table.host === url.host && url.pathname.startsWith(`${table.basePath}/`),
  );
  const routes = asked.map((table) => routeIn(table, method, url.pathname.slice(below(table).length), routed));
  return (
    routes.find(({ match }) => match) ??
    routes.find(({ otherMethod }) => otherMethod) ??
    routes.find(({ provider }) => provider === named?.provider) ??
    routes[0]
  );
}

type Table = (typeof tables)[number];

function routeIn(
  { provider, headers, operations }: Table,
  method: string,
  path: string,
  routed: (provider: ProviderName, path: string) => string,
): Route {
  const here = operations.flatMap(({ operation, spec, pattern }) => {
    const found = pattern.exec(routed(provider, path));
    return found ? [{ operation, spec, params: decoded(found.groups) }] : [];
  });
  const match = here.find(({ spec }) => spec.method === method);
  return { provider, path, match, otherMethod: match === undefined && here.length > 0, headers };
}

function decoded(groups: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)] as const));
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % stands for itself
  }
}
