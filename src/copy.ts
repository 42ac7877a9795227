import type { Providers } from "../generated/index.js";
import type { ApiKey, ProviderName } from "./key.js";
import type { Keys } from "./keys.js";
import type { CallOptions } from "./options.js";

/** A field, what a key has there, and what was asked for. */
export type Comparison = [what: string, found: unknown, asked: unknown];

/** How a provider's key is made like another one: what rotation has to know of the provider. Stateless. */
export interface Copy<P extends ProviderName, K extends Keys<P> = Keys<P>> {
  /** What lets every key through, disabled and expired ones too: of a workspace, where the list is cut by workspaces. */
  everything(workspaceId: string | undefined): Providers[P]["filter"];
  /**
   * The workspaces in which a key and its copy are listed, in this order; undefined stands for the default one. Absent where
   * there is one list of all keys.
   */
  workspaces?(key: ApiKey<P>, overrides: Partial<Providers[P]["input"]>): (string | undefined)[];
  /** Why this key cannot be copied, and what to do instead; undefined where it can. Absent where every key can. */
  refusal?(
    keys: K,
    key: ApiKey<P>,
    overrides: Partial<Providers[P]["input"]>,
    options: CallOptions,
  ): string | undefined | Promise<string | undefined>;
  /** What to create, so that it is like the key. `now`: milliseconds since the epoch. */
  input(key: ApiKey<P>, name: string, overrides: Partial<Providers[P]["input"]>, now: number): Providers[P]["input"];
  /** Whether a revocation of a key that is gone is answered as one that did it: two rotators cannot be told apart by it. */
  revokesSilently?: true;
  /** What has to be alike in a created key and what was asked for. What is undefined on either side is not compared. */
  compare(key: ApiKey<P>, input: Providers[P]["input"]): Comparison[];
  /** Uses the credential of `keys`; rejects where it does not authenticate. Absent: a page of the list is asked for. */
  authenticate?(keys: K, options: CallOptions): Promise<unknown>;
  /**
   * Which key a plaintext is of, by the plaintext itself or by asking with it: `keys` has it as credential. The key's id;
   * undefined in doubt. Absent where nothing tells.
   */
  identify?(
    keys: K,
    plaintext: string,
    listed: ApiKey<P>[],
    options: CallOptions,
  ): string | undefined | Promise<string | undefined>;
  /** What gives a key another name. Absent where a key cannot be renamed. */
  renamed?(name: string): Providers[P]["patch"];
  /** What switches a key off and gives it another name, at once. Absent where a key cannot be switched off. */
  disabled?(name: string): Providers[P]["patch"];
}
