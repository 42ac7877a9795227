/** What every facade is made of: calls by operation, whose answers are mapped, and raw clients over the same transport. */
import type { Api } from "./api.js";
import { sent, type CallPromise, type Plan, type Query } from "./call.js";
import { created, type CreatePlan } from "./create.js";
import { takeOut } from "./json.js";
import type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
import { keyList, type KeyList } from "./list.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { rawTransport, type Transport } from "./raw-client.js";
import { settingsOf } from "./settings.js";

export interface Connection<P extends ProviderName, Operation extends string> {
  readonly client: <Client>(create: (transport: Transport) => Client) => Client;
  /** Calls an operation and maps its answer. */
  call<T>(operation: Operation, options: CallOptions | undefined, plan: Plan<T>): CallPromise<T>;
  /** A list of keys, paged as the spec says. A row is without the plaintext that a server may show beside it. */
  list(
    operation: Operation,
    options: CallOptions | undefined,
    query: Query,
    toKey: (row: Record<string, unknown>, plaintext: string | undefined) => ApiKey<P> | Promise<ApiKey<P>>,
  ): KeyList<P>;
  /** A create: sent once; either its secret is delivered, or it is said that nobody knows what became of it. */
  create(operation: Operation, options: CallOptions | undefined, plan: CreatePlan<P>): CallPromise<CreatedApiKey<P>>;
}

/** @throws ConfigurationError */
export function connect<P extends ProviderName, Operation extends string>(
  api: Api<P, Operation>,
  options: ClientOptions,
): Connection<P, Operation> {
  const { provider, operations } = api;
  const settings = settingsOf(api, options);
  return {
    client: (create) => create(rawTransport(settings)),
    call: (...args) => sent(settings, ...args),
    list: (operation, options, query, toKey) => {
      const { pagination, secrets } = operations[operation];
      const rows = `${pagination?.items ?? ""}/*`;
      const places = (secrets?.response ?? []).flatMap((place) =>
        place.startsWith(rows) ? [place.slice(rows.length)] : [],
      );
      return keyList({
        provider,
        operation,
        pagination,
        // Taken out row by row: whose it is decides what is made of it.
        page: (more: object) =>
          sent(settings, operation, options, { query: { ...query, ...more }, places: [], result: (body) => body }),
        toKey: (row) => {
          const { rest, taken } = takeOut(row, places);
          return toKey(rest as typeof row, taken[0]);
        },
      });
    },
    create: (...args) => created(settings, ...args),
  };
}
