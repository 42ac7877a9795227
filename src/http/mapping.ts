/** What lies above openapi-fetch: an answer that is no success becomes an error of the class that its status asks for. */
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  failure,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  type ErrorDetails,
  type KeysmithError,
} from "./errors.js";
import { redact } from "./redact.js";
import { isRetryableStatus, retryAfterMs } from "./retry.js";
import type { Call } from "./transport.js";

type ErrorClass = new (message: string, details: ErrorDetails) => KeysmithError;

const CLASSES: Readonly<Record<number, [ErrorClass, hint: string]>> = {
  401: [AuthenticationError, "Check that the credential is whole, enabled and not expired"],
  403: [PermissionError, "Use a credential that may do this"],
  404: [NotFoundError, "Check the id; it may be revoked already"],
  408: [ServerError, "Try again later"],
  409: [ConflictError, "Read the key again before changing it"],
  410: [NotFoundError, "It was revoked"],
  412: [ConflictError, "Read the key again before changing it"],
  429: [RateLimitError, "Send less at once, or try again later"],
};

export function statusError(call: Call, { status, headers }: Response, body: unknown): KeysmithError {
  const [ErrorClass, hint] =
    CLASSES[status] ?? (status < 500 ? [BadRequestError, "Correct the input"] : [ServerError, "Try again later"]);
  const clean = (text: string | undefined) => text && redact(text, call.secrets);
  const { code, message } = serverErrorOf(body);
  const serverMessage = clean(message);
  const wait = retryAfterMs(headers);
  const asked = wait === undefined ? "" : ` The server asks to wait ${Math.ceil(wait / 1000)} s.`;
  return failure(
    ErrorClass,
    call,
    `${status}${serverMessage ? ` ${serverMessage.replace(/\.$/, "")}` : ""}. ${hint}.${asked}`,
    {
      status,
      code: typeof code === "string" ? clean(code) : code,
      serverMessage,
      requestId: clean(headers.get("x-request-id") ?? headers.get("cf-ray") ?? undefined),
      retryAfterMs: wait,
      // Where nothing tells whether a create took place, it is another error that is thrown.
      retryable: isRetryableStatus(status),
    },
  );
}

/**
 * The server's own code and words, wherever a provider puts them: `{error: {reason, details}}` and `{error: "ERR_…"}` on
 * Estuary, `{error: {code, message}}` on OpenRouter, `{code, message}` on CockroachDB Cloud.
 */
function serverErrorOf(body: unknown): {
  code?: string | number | undefined;
  message?: string | undefined;
} {
  if (typeof body === "string") return /^\s*</.test(body) ? {} : { message: body.trim() };
  const outer = isObject(body) ? body : {};
  const inner = isObject(outer["error"]) ? outer["error"] : outer;
  const texts = [inner["message"], inner["details"], inner["reason"], outer["error"]].filter(isText);
  const codes = [inner["reason"], outer["error"], inner["code"]];
  return {
    code: codes.find((code) => isText(code) || typeof code === "number"),
    message: texts[0],
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
