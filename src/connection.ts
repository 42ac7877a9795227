/** What every facade is made of: calls by operation, whose answers are mapped, and raw clients over the same transport. */
import type { Api } from "./api.js";
import { unreadable } from "./answer.js";
import { sent, type CallPromise, type Plan, type Query } from "./call.js";
import { created, type CreatePlan } from "./create.js";
import { withoutQuotes } from "./http/redact.js";
import type { Call } from "./http/transport.js";
import { at, takeOut } from "./json.js";
import type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
import { keyList, type KeyList } from "./list.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { rawTransport, type Transport } from "./raw-client.js";
import { settingsOf, type OwnOptions, type Settings } from "./settings.js";
import { given } from "./wire.js";

/** What a facade is made of: calls by operationId, over one transport with its credential, retries and bounds. */
export interface Connection<P extends ProviderName, Operation extends string> {
  /** What stands in paths before the key, by the parameter's name, as the options or the environment give it. */
  readonly parents: Settings["parents"];
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

/**
 * Checks the options of a facade, and gives what its methods call.
 *
 * @param own the facade's own options, by the names that the spec's `x-option` gives them
 * @throws ConfigurationError
 */
export function connect<P extends ProviderName, Operation extends string>(
  api: Api<P, Operation>,
  options: ClientOptions,
  own?: OwnOptions,
): Connection<P, Operation> {
  const { provider, operations } = api;
  const settings = settingsOf(api, options, own);
  return {
    parents: settings.parents,
    client: (create) => create(rawTransport(settings)),
    call: (...args) => sent(settings, ...args),
    list: (operation, options, query, toKey) => {
      const { pagination, secrets } = operations[operation];
      const items = pagination?.items ?? "";
      const rows = `${items}/*`;
      const bodyOfRows = (body: unknown, call: Call) => {
        if (!Array.isArray(at(body, items))) throw unreadable(call);
        return body;
      };
      const places = (secrets?.response ?? []).flatMap((place) =>
        place.startsWith(rows) ? [place.slice(rows.length)] : [],
      );
      return keyList({
        provider,
        operation,
        pagination,
        page: (more) => {
          const { limit } = pagination ?? {};
          const asked = given({ ...(limit && { [limit.parameter]: limit.most }), ...Object.fromEntries(given(query)) });
          const rest = asked.filter(([name]) => more.every(([other]) => other !== name));
          // Plaintext is taken out row by row: whose it is decides what is made of it.
          const plan = { query: [...rest, ...more], whole: true, result: bodyOfRows } as const;
          return sent(settings, operation, options, plan).withResponse();
        },
        toKey: (row) => {
          const { rest, taken } = takeOut(row, places);
          return toKey(withoutQuotes(rest as typeof row, settings.secrets) ?? {}, taken[0]?.[1]);
        },
      });
    },
    create: (...args) => created(settings, ...args),
  };
}
