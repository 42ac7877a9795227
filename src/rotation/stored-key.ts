/** The key that a store holds: what a job that knows the store alone begins with. */
import { BadRequestError, isKeysmithError } from "../http/errors.js";
import { failure } from "../http/failure.js";
import { roomOf } from "../registry.js";
import type { ApiKey, ProviderName } from "../key.js";
import { isReadable, type Keys } from "../keys.js";
import { listedIn, said } from "./context.js";
import { listsOf } from "./lists.js";
import type { RotateOptions } from "./options.js";
import { clocked } from "./server-clock.js";
import { birthOf } from "./siblings.js";
import { idIn } from "./stored.js";

export interface StoredKeyOptions {
  /** The plaintext that the store holds now; undefined where it holds none. At most a minute. */
  read: NonNullable<RotateOptions<ProviderName>["read"]>;
  /** The workspace to look in, where a list is cut by workspaces. The default one unless given. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface StoredKey<P extends ProviderName = ProviderName> {
  key: ApiKey<P>;
  /**
   * How old it is, in milliseconds, by the server's clock. Undefined where nothing tells when it was made: its provider does
   * not, and no rotation made it; or the answers tell no time.
   */
  ageMs: number | undefined;
}

/**
 * Finds the key that a store holds, from its plaintext: by what the plaintext itself tells, or by asking the provider with it.
 * For a job that rotates whatever is in the store once it is old enough, and so needs to remember no id.
 *
 * @returns undefined where the store holds none
 * @throws BadRequestError where it cannot be told which key it is, or the provider does not list it
 */
export async function storedKey<P extends ProviderName>(
  given: Keys<P>,
  { read, workspaceId, signal }: StoredKeyOptions,
): Promise<StoredKey<P> | undefined> {
  const { keys, serverNow } = clocked(given);
  const { provider } = keys;
  const refused = (problem: string, details = {}) =>
    failure(BadRequestError, { provider, operation: "storedKey" }, problem, details);
  const copy = await roomOf(provider).copy();
  const { all } = await listedIn(listsOf(keys, copy), copy, [workspaceId], { signal });
  const secrets = new Set<string>();
  const found = await idIn({ keys, copy, secrets }, read, all, signal).catch((cause: unknown) => {
    signal?.throwIfAborted();
    const status = isKeysmithError(cause) ? cause.status : undefined;
    throw refused(`which key the store holds cannot be told: ${said({ secrets }, cause)}`, { cause, status });
  });
  if (found === "empty") return undefined;
  const { id } = found;
  if (id === undefined)
    throw refused("which key the store holds cannot be told from its plaintext. Name it by its id.");
  const key = all.find((one) => one.id === id) ?? (isReadable(keys) ? await keys.get(id, { signal }) : undefined);
  if (!key) {
    throw refused("the key that the store holds is not listed: it was revoked, or is another account's.");
  }
  return { key, ageMs: ageOf(key, serverNow()) };
}

/** In milliseconds, by the server's clock; undefined where nothing tells. */
export function ageOf(key: ApiKey, now: number | undefined): number | undefined {
  const age = (now ?? NaN) - birthOf(key).time;
  return Number.isNaN(age) ? undefined : age;
}
