/** What the two servers of OpenAI's sandbox answer alike. */
import type { ErrorDetails, ErrorResponse, ForbiddenResponse } from "../../../generated/openai/types.js";
import type { Fields } from "../../sandbox/fields.js";
import { Refusal, statusText, type Answer } from "../../sandbox/provider.js";
import { microsOf, type Instant } from "../../sandbox/time.js";
import type { PageRequest } from "./sandbox-rows.js";

const messages: Readonly<Record<number, string>> = {
  401: "You didn't provide an API key.",
  403: "You have insufficient permissions for this operation. Missing scopes: api.management.read.",
  404: "No such API key",
  429: "Rate limit reached",
  500: "The server had an error while processing your request",
};

export function json(status: number, value: object): Answer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify(value) };
}

export function error(status: number, message = messages[status], details: Partial<ErrorDetails> = {}): Answer {
  const text = message ?? statusText(status);
  // As users report it, the administration says with a bare text what a credential lacks.
  if (status === 403) return json(status, { error: text } satisfies ForbiddenResponse);
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  const told = { message: text, type, param: null, code: null, ...details };
  return json(status, { error: told } satisfies ErrorResponse);
}

export const refused = (status: number, message?: string, details?: Partial<ErrorDetails>): Refusal =>
  new Refusal(error(status, message, details));

/** What is wrong, of which the first word is the parameter or the field. */
export const invalid = (problem: string): Refusal => {
  const [param = null] = /^[a-z_]+(?= (must|is required))/.exec(problem) ?? [];
  return refused(400, problem, { param });
};

/** The plaintext of the credential. @throws Refusal where there is none. */
export function credentialOf(headers: Headers): string {
  const [, secret] = /^bearer +(.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (secret === undefined) throw refused(401);
  return secret;
}

/** The refusal of a credential, which quotes it with its middle masked. */
export function incorrect(secret: string): Refusal {
  const masked = secret.length > 12 ? secret.slice(0, 8) + "*".repeat(secret.length - 12) + secret.slice(-4) : "***";
  const message = `Incorrect API key provided: ${masked}. You can find your API key at https://platform.openai.com/account/api-keys.`;
  return refused(401, message, { code: "invalid_api_key" });
}

/** The part of a plaintext that is shown. */
export function redacted(secret: string, head: number): string {
  return `${secret.slice(0, head)}...${secret.slice(-3)}`;
}

/** A page's parameters. `most`: how many keys may be asked for. @throws Refusal */
export function pageRequestOf(query: URLSearchParams, most: number): PageRequest {
  const limit = query.get("limit") ?? "20";
  if (!/^[1-9]\d{0,8}$/.test(limit) || Number(limit) > most) {
    throw invalid(`limit must be an integer from 1${most < Infinity ? ` to ${most}` : ""}`);
  }
  return { after: query.get("after") ?? undefined, limit: Number(limit), descending: false };
}

/** What a list says besides its rows. */
export function listed<Row extends { id: string }>(data: Row[], hasMore: boolean) {
  const [first_id = null, last_id = null] = [data[0]?.id, data.at(-1)?.id];
  return { object: "list" as const, data, first_id, last_id, has_more: hasMore };
}

const YEAR = 31_536_000;

/** When a key that lives so long expires, in seconds since the epoch; null: never. @throws Refusal */
export function expiryOf(fields: Fields, now: number): number | null {
  const isLifetime = (value: unknown): value is number | null =>
    value === null || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= YEAR);
  const lifetime = fields.optional("expires_in_seconds", isLifetime, `an integer from 1 to ${YEAR}`) ?? null;
  return lifetime && now + lifetime;
}

/** Seconds since the epoch. */
export const secondsOf = (instant: Instant): number => Math.floor(microsOf(instant) / 1e6);
