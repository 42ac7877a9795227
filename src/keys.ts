import type { Providers } from "../generated/index.js";
import type { CallPromise } from "./call.js";
import type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
import type { KeyList } from "./list.js";
import type { CallOptions, ClientOptions } from "./options.js";
import type { Transport } from "./raw-client.js";

/** What the keys of every provider can do. */
export interface Keys<P extends ProviderName = ProviderName> {
  readonly provider: P;
  /** The keys that the filter lets through; what is left out of it is the server's default. */
  list(filter?: Providers[P]["filter"], options?: CallOptions): KeyList<P>;
  /**
   * Creates a key, and gives its plaintext as `secret`. It is never sent twice.
   *
   * @throws CreateOutcomeUnknownError where nothing tells whether a key was made.
   */
  create(input: Providers[P]["input"], options?: CallOptions): CallPromise<CreatedApiKey<P>>;
  /** Revokes a key for good. @throws NotFoundError where there is none. */
  revoke(key: ApiKey<P> | string, options?: CallOptions): CallPromise<void>;
  /**
   * A client of your own over the same transport: with `createClient` of the provider's entry, the typed openapi-fetch
   * client. Wire names and wire bodies, plaintext keys included; a refusal is its `error`, and what is thrown is
   * keysmith's. `Transport` says what its middleware can do.
   */
  readonly client: <Client>(create: (transport: Transport) => Client) => Client;
  /** A facade with changed options, such as another credential. */
  with(change: (options: ClientOptions) => ClientOptions): this;
}

/** The keys of a provider that gives one by its id. */
export interface Readable<P extends ProviderName = ProviderName> extends Keys<P> {
  /** The key of this id. @throws NotFoundError where there is none. */
  get(id: string, options?: CallOptions): CallPromise<ApiKey<P>>;
}

/** The keys of a provider that gives one by its id, and lets it be changed. */
export interface Changeable<P extends ProviderName = ProviderName> extends Readable<P> {
  /**
   * Sets what the patch names, and gives the key as it is then.
   *
   * @throws NotFoundError; BadRequestError where the patch names nothing, which is not sent.
   */
  update(id: string, patch: Providers[P]["patch"], options?: CallOptions): CallPromise<ApiKey<P>>;
}

export function isReadable<P extends ProviderName>(keys: Keys<P>): keys is Readable<P> {
  return "get" in keys;
}

export function isChangeable<P extends ProviderName>(keys: Keys<P>): keys is Changeable<P> {
  return isReadable(keys) && "update" in keys;
}
