/** A create: sent once; either its secret is delivered, or it is said that nobody knows what became of it. */
import { checkedObject, unreadable } from "./answer.js";
import { sent, type CallPromise, type Sending } from "./call.js";
import { isKeysmithError } from "./http/errors.js";
import { CreateOutcomeUnknownError } from "./http/outcome-unknown.js";
import { isMasked, withoutQuotes } from "./http/redact.js";
import { isNamed, type ApiKey, type CreatedApiKey, type ProviderName } from "./key.js";
import type { KeyList } from "./list.js";
import type { CallOptions } from "./options.js";
import { Secret } from "./secret.js";
import type { Settings } from "./settings.js";

/** What a create sends, what is made of its answer, and how the key is looked for where no answer came. */
export interface CreatePlan<P extends ProviderName> extends Sending {
  /** Makes the key of an answer that may lack everything but the secret, and is given without it. Does not throw. */
  toKey: (shown: Record<string, unknown>, secret: string) => ApiKey<P> | Promise<ApiKey<P>>;
  list: (options: CallOptions) => KeyList<P>;
  /** Why a listed key may be the one, made between these times by the server's clock; undefined where it is not. */
  matches: (key: ApiKey<P>, since: number, until: number) => string | undefined;
}

// A clock that is read over the network is off by as long as an answer takes, and a Date header by a second.
const CLOCK_MARGIN_MS = 10_000;

export function created<P extends ProviderName, Operation extends string>(
  settings: Settings<Operation>,
  operation: Operation,
  options: CallOptions | undefined,
  plan: CreatePlan<P>,
): CallPromise<CreatedApiKey<P>> {
  const { provider, operations } = settings.api;
  const [own] = operations[operation].secrets?.response ?? [];
  const begun = { at: Date.now(), since: performance.now() };
  const candidates = async () => {
    // The signal that ended the create would end this as well.
    const keys = await plan.list({ ...options, signal: undefined }).toArray();
    // Our clock may have been set meanwhile; the other one stands still while the machine sleeps.
    const at = Math.min(begun.at, Date.now() - (performance.now() - begun.since));
    const since = at + settings.skewMs - CLOCK_MARGIN_MS;
    const until = Date.now() + settings.skewMs + CLOCK_MARGIN_MS;
    return keys.flatMap((key) => {
      const reason = plan.matches(key, since, until);
      return reason ? [{ key, reason }] : [];
    });
  };
  return sent(settings, operation, options, {
    ...plan,
    result: async (shown, call, taken) => {
      const [, secret] = taken.find(([place]) => place === own) ?? [];
      if (secret === undefined) throw unreadable(call);
      const plaintext = taken.map(([, one]) => one);
      // Of the new plaintext, be it short; of what else is known, what is long.
      const without = withoutQuotes(checkedObject(call, shown), plaintext);
      const quoteless = (without && withoutQuotes(without, call.secrets)) ?? {};
      const key = await plan.toKey(quoteless, secret);
      const others = taken.filter(([place]) => place !== own);
      const secrets = others.map(([place, one]) => [place.replace(/^.*\//, ""), new Secret(one)] as const);
      return {
        ...key,
        // What a server gives as the id may be the plaintext.
        id: isMasked(key.id) ? "" : key.id,
        secret: new Secret(secret),
        ...(secrets.length > 0 && { secrets: Object.fromEntries(secrets) }),
      };
    },
    onDoubt: (cause) => {
      const { message, status } = isKeysmithError(cause) ? cause : { message: "aborted", status: undefined };
      const problem = `nobody knows whether a key was created (${message})`;
      return new CreateOutcomeUnknownError<P>(
        `${provider} ${operation}: ${problem} It is not sent again: look at candidates() first.`,
        { provider, operation, cause, status },
        candidates,
      );
    },
  });
}

/**
 * Matches keys of this name that were created since, or nobody knows when; and of a name that may have been made of it, as
 * servers shorten names and write them in small letters, where it was created since.
 */
export function sameName(name: string): (key: ApiKey, since: number) => string | undefined {
  return ({ name: other, createdAt }, since) => {
    const created = Date.parse(createdAt ?? "");
    const isNew = created >= since;
    if (!isNamed(other, name)) {
      const isMadeOfIt = other !== "" && name.trim().toLowerCase().startsWith(other.toLowerCase());
      return isNew && isMadeOfIt ? `Its name is a part of this one and it was created at ${createdAt}.` : undefined;
    }
    if (createdAt === undefined) return "It has the same name; this API does not tell when a key was created.";
    if (Number.isNaN(created)) return "It has the same name; when it was created cannot be read.";
    return isNew ? `It has the same name and was created at ${createdAt}.` : undefined;
  };
}
