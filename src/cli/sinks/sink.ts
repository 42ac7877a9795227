import type { ApiKey } from "../../key.js";
import type { Secret } from "../../secret.js";

/** Where the plaintext of a new key goes. */
export interface Sink {
  /** For people: `into .env as API_KEY`. */
  readonly description: string;
  /** Whether it can take more than one key. */
  readonly many: boolean;
  /** Looks, before a key is made, whether it could be stored. @throws UsageError */
  check(): Promise<void>;
  /**
   * Durable once it resolves.
   *
   * @param oldId the id of the key that this one replaces
   * @throws NotStoredError where certainly nothing was written; anything else means that it may have been
   */
  store(secret: Secret, key: ApiKey, oldId?: string): Promise<void>;
  /** The plaintext that is there now, undefined where there is none. Absent where nothing can be read back. */
  read?: () => Promise<Secret | undefined>;
}
