import type { Api } from "./api.js";
import { isKeysmithError, NotFoundError, ServerError } from "./http/errors.js";
import { failure } from "./http/failure.js";
import type { Call } from "./http/transport.js";
import { checkedId } from "./id.js";
import { toApiKey, type ApiKey, type ProviderName } from "./key.js";
import type { KeyList } from "./list.js";
import { looksLikePlaintext } from "./plaintext.js";
import { sha256 } from "./sha256.js";

/**
 * The ids of keys that their provider knows by nothing but the plaintext, which its list shows: the id of such a key is the
 * SHA-256 of its plaintext, which is kept for the requests that have to name it, where nothing shows it.
 */
export class HashedIds<P extends ProviderName> {
  readonly #api: Api<P>;
  readonly #plaintexts = new WeakMap<ApiKey<P>, string>();

  constructor(api: Api<P>) {
    this.#api = api;
  }

  /** The key of what a server shows, beside its plaintext. One that has an id of its own keeps it. */
  toKey(shown: Record<string, unknown>, plaintext: string | undefined): ApiKey<P> {
    const key = toApiKey(this.#api, shown);
    if (key.id || plaintext === undefined) return key;
    this.#plaintexts.set(key, plaintext);
    key.id = sha256(plaintext);
    return key;
  }

  /** The id of a key that is given as a whole, by its id or by its plaintext. */
  idOf(call: Call, key: unknown): string {
    const id = checkedId(call, key);
    return looksLikePlaintext(this.#api, id) ? sha256(id) : id;
  }

  /** What stands in a path for a key: its plaintext where a list has shown it, and its id otherwise. */
  named(call: Call, key: ApiKey<P> | string): { key: string } | { plaintext: string } {
    const plaintext = typeof key === "object" ? this.#plaintexts.get(key) : undefined;
    if (plaintext === undefined) return { key: this.idOf(call, key) };
    call.secrets.add(plaintext);
    return { plaintext };
  }

  /** @throws NotFoundError where the list does not hold the key */
  async find(call: Call, key: unknown, list: KeyList<P>): Promise<ApiKey<P>> {
    const found = await this.#listed(call, key, list);
    if (found) return found;
    throw failure(NotFoundError, call, "the list does not hold this key. It may be revoked already.");
  }

  /** @throws ServerError where the list still holds the key */
  async requireGone(call: Call, key: unknown, list: KeyList<P>): Promise<void> {
    const still = await this.#listed(call, key, list).catch((error: unknown) => {
      // A credential that has revoked itself can no longer look, which is the proof.
      const own = sha256(call.credential ?? "") === this.idOf(call, key);
      if (own && isKeysmithError(error) && error.kind === "authentication") return undefined;
      throw error;
    });
    if (still) throw failure(ServerError, call, "the server said done and still lists it. Try again.");
  }

  async #listed(call: Call, key: unknown, list: KeyList<P>): Promise<ApiKey<P> | undefined> {
    const id = this.idOf(call, key);
    return (await list.toArray()).find((one) => one.id === id);
  }
}
