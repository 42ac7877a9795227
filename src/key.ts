import type { Providers } from "../generated/index.js";
import type { Api } from "./api.js";
import { at } from "./json.js";
import type { Secret } from "./secret.js";

export type ProviderName = keyof Providers;

/** A key as its provider lists it. Holds no secret. */
export interface ApiKey<P extends ProviderName = ProviderName> {
  provider: P;
  /** What `get`, `update` and `revoke` take. Never a secret. */
  id: string;
  /** Its name or label, without the trace of a rotation; an empty string where it has none. */
  name: string;
  /** The trace that a rotation left on the name, such as `ks1.0mvx9a3.k3j9x0qz.1c9h2k7d0s4m`. Absent where there is none. */
  trace?: string;
  /** When it was created, as RFC 3339, in the server's own words where it has them. Absent where the provider does not tell. */
  createdAt?: string;
  /** When it stops working, told likewise. Absent where it does not expire. */
  expiresAt?: string;
  /** When it was last used, told likewise. Absent where it never was, or the provider does not tell. */
  lastUsedAt?: string;
  /** Whether it is switched off. Absent where the provider knows no such thing. */
  disabled?: boolean;
  /** The server's own object, unknown fields included, without the fields that hold plaintext. */
  raw: Providers[P]["wire"];
}

/** What a create gives: the key, and its plaintext, which no provider shows again. */
export type CreatedApiKey<P extends ProviderName = ProviderName> = ApiKey<P> & {
  secret: Secret;
  /** What else of the answer is plaintext, by its field's name. Absent where there is nothing. */
  secrets?: Readonly<Record<string, Secret>>;
};

/** A name with the trace of a rotation: behind the last space and a tilde. */
const TRACED = /^(.*?) ?~(ks1[.a-z0-9]*)$/s;

/** A name without the trace of a rotation. */
export function cleanName(name: string): string {
  return TRACED.exec(name)?.[1] ?? name;
}

/** Whether a name is the one that was asked for: servers trim names, and write letters with accents in one way of two. */
export function isNamed(name: string, asked: string): boolean {
  return name.normalize().trim() === cleanName(asked).normalize().trim();
}

const TIMES = ["createdAt", "expiresAt", "lastUsedAt"] as const;

/**
 * Makes a key of a server's object, whose fields the spec tells apart. A field of another type than it should have, null
 * included, is left out; `raw` has it.
 */
export function toApiKey<P extends ProviderName>(api: Api<P>, raw: Record<string, unknown>): ApiKey<P> {
  const { id: idAt, integerId, name: nameAt, disabled: disabledAt, disabledWhen, units } = api.key;
  const key: Record<string, unknown> = { provider: api.provider, id: idOf(at(raw, idAt), integerId), name: "", raw };
  const name = at(raw, nameAt);
  if (typeof name === "string") {
    const [, clean, trace] = TRACED.exec(name) ?? [];
    Object.assign(key, trace ? { name: clean, trace } : { name });
  }
  for (const field of TIMES) {
    const time = timeOf(at(raw, api.key[field]), units?.[field]);
    if (time !== undefined) key[field] = time;
  }
  const told = at(raw, disabledAt);
  if (typeof told === "string" && disabledWhen) key["disabled"] = disabledWhen.includes(told);
  if (typeof told === "boolean") key["disabled"] = told;
  // What a server sends is what its type says only as far as anybody can know.
  return key as unknown as ApiKey<P>;
}

/** An id as text. A number that JavaScript rounds would be another key's. */
function idOf(value: unknown, isInteger?: true): string {
  if (isInteger) return Number.isSafeInteger(value) ? String(value) : "";
  return typeof value === "string" ? value : "";
}

/** @param unit how many milliseconds one is, where it is a number */
function timeOf(value: unknown, unit: number | undefined): string | undefined {
  if (typeof value !== "number" || unit === undefined) return typeof value === "string" ? value : undefined;
  const time = new Date(value * unit);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
