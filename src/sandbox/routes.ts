import { apis } from "../../generated/apis.js";
import type { Api, OperationSpec } from "../api.js";
import { defined } from "../define.js";
import type { ProviderName } from "../key.js";
import { apiOf, providerNames } from "../registry.js";

export type { ProviderName };

/** An operation of a provider, such as `createApiKey`. */
export type OperationId<P extends ProviderName> = P extends keyof typeof apis
  ? keyof (typeof apis)[P]["operations"] & string
  : string;

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

/** The providers that have a simulated server: all of keysmith's own, and those that were defined with one. */
export function simulated(): ProviderName[] {
  return providerNames().filter((name) => Object.hasOwn(apis, name) || defined[name]?.sandbox);
}

const tables = new WeakMap<Api, Table>();

function tableOf(provider: ProviderName): Table {
  const api: Api = apiOf(provider);
  const known = tables.get(api) ?? newTable(provider, api);
  tables.set(api, known);
  return known;
}

function newTable(provider: ProviderName, api: Api) {
  const { host } = new URL(api.baseUrl);
  return {
    provider,
    host,
    basePath: basePathOf(api),
    headers: Object.keys(api.headers ?? {}),
    operations: Object.entries(api.operations).map(([operation, spec]) => ({
      operation,
      spec,
      pattern: new RegExp(`^${spec.path.replace(/\W/g, "\\$&").replace(/\\{.+?}/g, "([^/]+)")}$`),
      names: Array.from(spec.path.matchAll(/\{([^{}]+)\}/g), ([, name = ""]) => name),
    })),
  };
}

function basePathOf({ baseUrl }: Api): string {
  return new URL(baseUrl).pathname.replace(/\/$/, "");
}

/** Where a provider answers on any host: below its name, at the path that its own base URL has. */
export function prefixOf(provider: ProviderName): string {
  return `/${provider}${basePathOf(apiOf(provider))}`;
}

/** Whether it is the host of a provider's own base URL. */
export function isProviderHost(host: string): boolean {
  return simulated().some((name) => tableOf(name).host === host);
}

/**
 * By the host of a provider's own base URL, or by the path prefix on any other host; undefined where neither fits. Where
 * several providers have one base URL, the one that has the operation. `routed` gives the path by which a provider routes a
 * request; `names` are those that may answer.
 */
export function route(
  method: string,
  url: URL,
  routed: (provider: ProviderName, path: string) => string = (_, path) => path,
  names: readonly ProviderName[] = simulated(),
): Route | undefined {
  const all = names.map(tableOf);
  const named = all.find(
    ({ host, provider }) => url.host !== host && url.pathname.startsWith(`${prefixOf(provider)}/`),
  );
  const below = (table: Table) => (named ? prefixOf(named.provider) : table.basePath);
  const asked = all.filter((table) =>
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

type Table = ReturnType<typeof newTable>;

function routeIn(
  { provider, headers, operations }: Table,
  method: string,
  path: string,
  routed: (provider: ProviderName, path: string) => string,
): Route {
  const here = operations.flatMap(({ operation, spec, pattern, names }) => {
    const [found, ...values] = pattern.exec(routed(provider, path)) ?? [];
    const params = () => Object.fromEntries(values.map((value, index) => [names[index] ?? "", decode(value)]));
    return found === undefined ? [] : [{ operation, spec, params: params() }];
  });
  const match = here.find(({ spec }) => spec.method === method);
  return { provider, path, match, otherMethod: match === undefined && here.length > 0, headers };
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % stands for itself
  }
}
