/** What the caller's store holds, as far as one look tells. */
import type { ApiKey, ProviderName } from "../key.js";
import { Secret } from "../secret.js";
import { looksLikePlaintext } from "../plaintext.js";
import { apiOf, providerNames } from "../registry.js";
import { asked } from "./caller.js";
import type { Known } from "./context.js";
import type { RotateOptions } from "./options.js";

/** Whether the store holds the key of this id; undefined where nobody knows. */
export type Holds = (id: string) => Promise<boolean | undefined>;

/** A secret that is handed to a store, and knows whether it was looked at. */
export class HandedOver extends Secret {
  revealed = false;

  override reveal(): string {
    this.revealed = true;
    return super.reveal();
  }
}

/** What a look at the store takes: how it can be asked, and what is known besides. */
type Asking<P extends ProviderName> = Pick<Known<P>, "keys" | "copy" | "secrets" | "secret" | "successor"> & {
  options: Pick<RotateOptions<P>, "held" | "read">;
};

/** No secret is longer, in characters. */
const LONGEST_SECRET = 65_536;

/** How long one look at the store may take, in milliseconds. */
export const LOOK_MS = 60_000;

/**
 * Looks at the store: by `read` where that is given, else by `held`. Undefined where it can be asked neither way.
 *
 * @param listed the keys among which the one in the store may be
 * @param signal ends it; without one where it is too late to stop
 */
export async function lookedAt<P extends ProviderName>(
  known: Asking<P>,
  listed: ApiKey<P>[],
  signal?: AbortSignal,
): Promise<Holds | undefined> {
  const { secrets, options } = known;
  const { held, read } = options;
  if (!read) {
    return (
      held &&
      (async (id) => {
        // Another language's words for yes and no are neither.
        const said: unknown = await asked({ name: "held", ms: LOOK_MS, signal, secrets }, () => held(id));
        return typeof said === "boolean" ? said : undefined;
      })
    );
  }
  const found = await idIn(known, read, listed, signal);
  if (found === "empty") return () => Promise.resolve(false);
  return (other) => Promise.resolve(found.id === undefined ? undefined : found.id === other);
}

/**
 * Which key the store holds the plaintext of. No id where nobody knows; `"empty"` where the store holds none.
 *
 * @throws Error where the plaintext is of another provider
 */
export async function idIn<P extends ProviderName>(
  known: Omit<Asking<P>, "options">,
  read: () => unknown,
  listed: ApiKey<P>[],
  signal?: AbortSignal,
): Promise<{ id: string | undefined } | "empty"> {
  const { keys, copy, secret, successor } = known;
  const plaintext = await readBack(known, read, signal);
  if (plaintext === undefined) return "empty";
  if (plaintext === secret?.reveal()) return { id: successor?.id };
  const alike = providerNames().filter((name) => looksLikePlaintext(apiOf(name), plaintext));
  // It would be sent to a server that it is no key of.
  if (alike.length > 0 && !alike.includes(keys.provider)) throw new Error(`read gave a key of ${alike.join(" or ")}.`);
  const fresh = keys.with((client) => ({ ...client, apiKey: plaintext }));
  return { id: await copy.identify?.(fresh, plaintext, listed, { signal }) };
}

/** The plaintext that the store holds now, without white space around it; undefined where it holds none. */
export async function readBack<P extends ProviderName>(
  { secrets }: Pick<Asking<P>, "secrets">,
  read: () => unknown,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const given = await asked({ name: "read", ms: LOOK_MS, signal, secrets }, read);
  const plaintext = given instanceof Secret ? given.reveal() : given;
  if (plaintext === undefined) return undefined;
  if (typeof plaintext !== "string") throw new Error("read gave neither a text nor a Secret nor undefined.");
  if (plaintext.length > LONGEST_SECRET) throw new Error("read gave more than a secret.");
  secrets.add(plaintext.trim());
  return plaintext.trim() || undefined;
}
