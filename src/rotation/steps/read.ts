import { NotFoundError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import { at } from "../../json.js";
import type { ApiKey, ProviderName } from "../../key.js";
import { isReadable } from "../../keys.js";
import type { CallOptions } from "../../options.js";
import { apiOf } from "../../registry.js";
import { enter, listed, stopped, textOf, type Begun, type Context } from "../context.js";
import { RotationError } from "../errors.js";
import { isRetirement } from "../retirement.js";
import { HOUR_MS, isLive, siblingsIn } from "../siblings.js";
import { fingerprint, traceOf } from "../trace.js";

/** The old key, the list that it is in, and the live keys that rotations of it have made before. */
export interface Read<P extends ProviderName> extends Begun<P> {
  readonly all: ApiKey<P>[];
  readonly siblings: ApiKey<P>[];
}

/** Reads the old key, and looks it over: whether it can be rotated, and whether an earlier rotation of it is pending. */
export async function read<P extends ProviderName>(context: Context<P>): Promise<Read<P>> {
  const { copy, keys, provider, options, leased } = context;
  const { retire, signal } = options;
  if (retire !== undefined && !isRetirement(retire)) {
    const ways = '"revoke", "disable", "keep", or { later } with a duration such as "24h" or "7d"';
    throw stopped(context, "read", `retire must be ${ways}.`);
  }
  if (retire === "disable" && !copy.disabled) {
    throw stopped(context, "read", `${provider} cannot disable keys. Retire by "revoke".`);
  }
  if (options.trace === false && copy.revokesSilently && !options.journal) {
    const problem = `${provider} answers a second revocation as the first, so without a trace two rotations of one key`;
    throw stopped(context, "read", `${problem} would both succeed. Leave out \`trace: false\`, or give a \`journal\`.`);
  }
  try {
    const old = await get(context, { signal });
    if (!old) {
      const cause = failure(NotFoundError, { provider, operation: "rotate" }, "there is no such key.");
      throw stopped(context, "read", "there is no such key.", { cause });
    }
    const begun = { ...context, old, predecessor: fingerprint(provider, old.id) };
    await enter(begun, "read");
    await refuse(begun);
    // Under a lease nobody else has made a key of this one. What it was made to replace itself only its mark tells.
    const all = leased && isReadable(keys) && !traceOf(old) ? [old] : await listed(begun, { signal, recent: true });
    const now = context.serverNow();
    const noted = all.find((key) => key.id === context.left?.successor && isLive(key, now));
    const siblings = new Set([...siblingsIn(all, begun.predecessor, now), ...(noted ? [noted] : [])]);
    return { ...begun, all, siblings: [...siblings] };
  } catch (cause) {
    if (cause instanceof RotationError) throw cause;
    throw stopped(context, "read", `${textOf(cause)} Nothing was changed.`, { cause });
  }
}

async function get<P extends ProviderName>({ keys, lists, id }: Context<P>, call: CallOptions) {
  if (isReadable(keys)) return keys.get(id, call);
  return (await lists(undefined, { ...call, recent: true })).find((key) => key.id === id);
}

/** @throws RotationError where the old key cannot be rotated. */
async function refuse<P extends ProviderName>(begun: Begun<P>): Promise<void> {
  const { copy, keys, provider, old, overrides, options, serverNow } = begun;
  if (old.disabled) {
    throw stopped(begun, "read", "it is disabled, and its successor would not be. Enable it, or create a new one.");
  }
  if (!("expiresIn" in overrides) && !("expiresAt" in overrides)) {
    const expiry = Date.parse(old.expiresAt ?? "");
    const told = at(old.raw, apiOf(provider).key.expiresAt) ?? undefined;
    if (told !== undefined && Number.isNaN(expiry)) {
      throw stopped(begun, "read", "when it expires cannot be read, so its successor might not. Override the expiry.");
    }
    if (expiry - (serverNow() ?? Date.now()) < HOUR_MS) {
      const problem = `it expires at ${old.expiresAt ?? ""}, and so would its successor. Override the expiry.`;
      throw stopped(begun, "read", problem);
    }
  }
  const refusal = await copy.refusal?.(keys, old, overrides, { signal: options.signal });
  if (refusal !== undefined) throw stopped(begun, "read", `${refusal}.`);
}
