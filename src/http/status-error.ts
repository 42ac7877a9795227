/** What lies above the transport: an answer that is no success becomes an error of the class that its status asks for. */
import { isObject } from "../json.js";
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
} from "./errors.js";
import type { ErrorDetails, KeysmithError } from "./keysmith-error.js";
import { failure } from "./failure.js";
import { redact, redactBoth } from "./redact.js";
import { isRetryableStatus } from "./retry.js";
import type { Call } from "./transport.js";

type Advice = [ErrorClass: new (message: string, details: ErrorDetails) => KeysmithError, whatToDo: string];

const LATER: Advice = [ServerError, "Try again later"];
const ABSENT: Advice = [NotFoundError, "Check the id; it may be revoked already"];
const CHANGED: Advice = [ConflictError, "Read the key again first"];
const ADVICE: Readonly<Record<number, Advice>> = {
  401: [AuthenticationError, "Check that the credential is whole, enabled and not expired"],
  403: [PermissionError, "Use a credential that may do this"],
  404: ABSENT,
  408: LATER,
  409: CHANGED,
  410: ABSENT,
  412: CHANGED,
  429: [RateLimitError, LATER[1]],
};

export function statusError(call: Call, { status, headers }: Response): KeysmithError {
  const [ErrorClass, whatToDo] = ADVICE[status] ?? (status < 500 ? [BadRequestError, "Correct the input"] : LATER);
  const clean = (value: unknown) => (isText(value) ? redact(value, call.secrets) : undefined);
  const { code, message } = serverErrorOf(call.body);
  // A number can be a secret as well.
  const codeText = typeof code === "number" ? String(code) : isText(code) ? code : "";
  const [cleanCode, serverMessage] = redactBoth(codeText, isText(message) ? message : "", call.secrets);
  const { retryAfterMs } = call;
  const words = serverMessage ? ` ${serverMessage.replace(/\.$/, "")}` : "";
  const asked = retryAfterMs === undefined ? "" : ` The server asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
  return failure(ErrorClass, call, `${status}${words}. ${whatToDo}.${asked}`, {
    status,
    code: typeof code === "number" && cleanCode === codeText ? code : cleanCode || undefined,
    serverMessage: serverMessage || undefined,
    requestId: clean(headers.get("x-request-id") ?? headers.get("cf-ray")),
    retryAfterMs,
    // Where nothing tells whether a create took place, it is another error that is thrown.
    retryable: isRetryableStatus(status),
  });
}

/** What the server says in an answer, known secrets removed; undefined where it says nothing. */
export function serverWords({ body, secrets }: Call): string | undefined {
  const { message } = isObject(body) ? serverErrorOf(body) : {};
  return isText(message) ? redact(message, secrets) : undefined;
}

/**
 * The server's own code and words, wherever a provider puts them: `{error: {reason, details}}`, `{error: "ERR_…"}`,
 * `{error: {code, message}}` or `{code, message}`.
 */
function serverErrorOf(body: unknown): { code?: unknown; message?: unknown } {
  if (!isObject(body)) return isText(body) && !/^\s*</.test(body) ? { message: body.trim() } : {};
  const { error } = body;
  const { message, details, reason, code } = isObject(error) ? error : body;
  return {
    code: [reason, error, code].find((one) => isText(one) || typeof one === "number"),
    message: [message, details, reason, error].find(isText),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
