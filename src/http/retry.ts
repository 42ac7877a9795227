/** When a request may be sent again, and how long that should wait. Pure. */
import { isObject } from "../json.js";

export function isRetryableStatus(status: number): boolean {
  // 520 to 530 are a CDN's, which did not get an answer.
  return [408, 429, 500, 502, 503, 504].includes(status) || (status >= 520 && status <= 530);
}

/**
 * Half a second at first, doubling up to 8 s, with jitter over the upper half, so that clients which failed together do
 * not come back together.
 */
export function backoffMs(attempt: number): number {
  return Math.min(500 * 2 ** (attempt - 1), 8000) * (0.5 + Math.random() / 2);
}

/**
 * What `Retry-After` asks for, in milliseconds: whole seconds, or a date in one of HTTP's three forms. Undefined where it is
 * absent or anything else.
 *
 * @param now the present by the server's clock
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  // However many digits there are, that is a long time.
  const seconds = Math.min(Number(value) * 1000, Number.MAX_SAFE_INTEGER);
  const ms = /^\d+$/.test(value) ? seconds : HTTP_DATE.test(value) ? dateMs(value) - now : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

// RFC 9110, section 5.6.7: IMF-fixdate, RFC 850's, asctime's.
const HTTP_DATE =
  /^[A-Z][a-z]{2}([a-z]{0,6}, \d\d([ -])[A-Z][a-z]{2}\2(\d\d){1,2} [\d:]{8} GMT| [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;

/** Of the three forms, one ends with the year, and names no zone; it is GMT as well. */
function dateMs(date: string): number {
  return Date.parse(date.replace(/ \d{4}$/, "$& GMT"));
}

/**
 * Whether the runtime's error code proves that no connection was made, so that nothing was sent. Node's and Deno's codes
 * come from the system call; Bun has names of its own. Without such proof the answer is no.
 */
export function wasNeverConnected(error: unknown, depth = 5): boolean {
  if (!isObject(error) || depth === 0) return false;
  const { code, syscall, errors, cause, message } = error;
  return (
    // A proxy that refuses to connect gets no request. Its error's code is that of any that was aborted.
    (typeof message === "string" && TUNNEL_REFUSED.test(message)) ||
    [code, syscall].some((name) => typeof name === "string" && NEVER_CONNECTED.test(name)) ||
    // One per address that was tried.
    (Array.isArray(errors) && errors.length > 0 && errors.every((one) => wasNeverConnected(one, depth - 1))) ||
    wasNeverConnected(cause, depth - 1)
  );
}

// Of undici, which is Node's fetch.
const TUNNEL_REFUSED = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/;

const NEVER_CONNECTED =
  /^(connect$|getaddrinfo$|ECONNREFUSED|ENOTFOUND|EAI_|UND_ERR_CONNECT_|UND_ERR_PRX_|ConnectionRefused|\w*CERT(_|$)|UNABLE_TO_)/;
