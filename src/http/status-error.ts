/** What lies above the transport: an answer that is no success becomes an error of the class that its status asks for. */
import { isOfOneKey, namedInPath } from "../api.js";
import { at, isObject } from "../json.js";
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InvalidResponseError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
} from "./errors.js";
import type { ErrorDetails, KeysmithError } from "./keysmith-error.js";
import { checkBaseUrl, failure } from "./failure.js";
import { redact, redactBoth } from "./redact.js";
import { isRetryableStatus } from "./retry.js";
import type { Call } from "./transport.js";

type Advice = [ErrorClass: new (message: string, details: ErrorDetails) => KeysmithError, whatToDo: string];

const LATER: Advice = [ServerError, "Try again later"];
const ABSENT: Advice = [NotFoundError, "Check the id; it may be revoked already"];
const CHANGED: Advice = [ConflictError, "Read the key again first"];
const ADVICE: Readonly<Record<number, Advice>> = {
  401: [AuthenticationError, "Check that the credential is whole, enabled and not expired"],
  402: [BadRequestError, "Look at what the account has paid for"],
  403: [PermissionError, "Use a credential that may do this"],
  404: ABSENT,
  408: LATER,
  409: CHANGED,
  410: ABSENT,
  412: CHANGED,
  423: [BadRequestError, "It is locked: look for what holds it"],
  425: [BadRequestError, "It came too early for the server: send it again"],
  429: [RateLimitError, LATER[1]],
};

/** With it the advice begins where somebody else has answered. */
export const FOREIGN = "This page is not the API's";

/** What to do is left out where whoever calls cannot do it. */
function adviceOf(call: Call, status: number): Advice {
  const advice = ADVICE[status] ?? (status < 500 ? [BadRequestError, "Correct the input"] : LATER);
  const [ErrorClass] = advice;
  const absent = advice === ABSENT;
  if (isForeign(call, status) && (absent || status === 401 || status === 403)) {
    // Whether there is such a key, only the API can say.
    return [absent ? InvalidResponseError : ErrorClass, `${FOREIGN}: ${checkBaseUrl(call)}`];
  }
  const { method, idempotent } = call.spec;
  if (!isOfOneKey(call.settings.api, call.spec)) {
    // The keys themselves are there, or something before them is not, or this is another server.
    const named = namedInPath(call.settings.api, call.spec).map((name) => `check the ${name}, and `);
    if (absent) return [ErrorClass, `There is no such path: ${named.join("")}${checkBaseUrl(call)}`];
    if (advice === CHANGED) return [ErrorClass, method === "GET" ? LATER[1] : "Look whether the list holds it already"];
    if (method === "GET" && ErrorClass === BadRequestError && ADVICE[status] === undefined) return [ErrorClass, ""];
  }
  if (advice === CHANGED && method === "GET") return [ErrorClass, LATER[1]];
  // Once more could be a second time.
  return advice === LATER && !idempotent ? [ErrorClass, ""] : advice;
}

/** Whether the answer is an error in the provider's own form. */
export function isRefusal({ body, settings: { api } }: Call): boolean {
  const { envelope, error = [] } = api;
  if (!isObject(body) || (envelope && at(body, envelope.success) !== false)) return false;
  return error.every((place) => at(body, place) !== undefined && at(body, place) !== null);
}

/** Whether an answer says in the API's own form that there is no such key. Where none is promised, none does. */
export function saysAbsent({ body, settings: { api } }: Call): boolean {
  const { absent } = api;
  return (
    absent !== undefined &&
    Object.entries(absent).every(([place, schema]) => {
      const found = at(body, place);
      return "const" in schema ? found === schema.const : typeOf(found) === schema.type;
    })
  );
}

/** The type of a value, in JSON Schema's words. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : value === null ? "null" : typeof value;
}

/** Whether an error cannot be the API's. Where no form is promised, all but a web page can. */
function isForeign(call: Call, status: number): boolean {
  const { api } = call.settings;
  const { envelope, error, absent } = api;
  if (status === 404 && absent && isOfOneKey(api, call.spec)) return !saysAbsent(call);
  return envelope || error ? !isRefusal(call) : isWebPage(call.body);
}

function isWebPage(body: unknown): boolean {
  return typeof body === "string" && /^\s*</.test(body);
}

export function statusError(call: Call, { status, headers }: Response): KeysmithError {
  const [ErrorClass, whatToDo] = adviceOf(call, status);
  const { code, message } = serverErrorOf(call.body);
  // A number can be a secret as well.
  const [cleanCode, serverMessage] = redactBoth(String(code), message, call.secrets);
  const { retryAfterMs } = call;
  const words = serverMessage ? ` ${serverMessage.replace(/\.$/, "")}` : "";
  const advice = whatToDo && ` ${whatToDo}.`;
  const wait = advice && isRetryableStatus(status) && retryAfterMs;
  const asked = wait ? ` The server asks to wait ${Math.ceil(wait / 1000)} s.` : "";
  return failure(ErrorClass, call, `${status}${words}.${advice}${asked}`, {
    status,
    code: cleanCode === String(code) && code !== "" ? code : cleanCode || undefined,
    serverMessage: serverMessage || undefined,
    requestId: redact(headers.get("x-request-id") ?? headers.get("cf-ray") ?? "", call.secrets) || undefined,
    retryAfterMs,
    // Where nothing tells whether a create took place, it is another error that is thrown.
    retryable: isRetryableStatus(status),
  });
}

/** What the server says in an answer, known secrets removed; undefined where it says nothing. */
export function serverWords({ body, secrets }: Call): string | undefined {
  return isObject(body) ? redact(serverErrorOf(body).message, secrets) || undefined : undefined;
}

/**
 * The server's own code and words, wherever a provider puts them: `{error: {reason, details}}`, `{error: "ERR_…"}`,
 * `{error: {code, message}}` or `{code, message}`; as RFC 9457 has them: `{title, detail, errors: [{detail, pointer}]}`; or as
 * frameworks and gateways do: `{detail: [{msg}]}`, `{error, error_description}`.
 */
function serverErrorOf(body: unknown): { code: string | number; message: string } {
  if (!isObject(body)) return { code: "", message: isText(body) && !isWebPage(body) ? body.trim() : "" };
  const { error } = body;
  const { message, details, reason, code, title, detail, errors } = isObject(error) ? error : body;
  const { error_description: described } = body;
  const told = [message, details, reason, described, error].find(isText) ?? [title, detail].filter(isText).join(": ");
  const all: unknown[] = [errors, detail].find(Array.isArray) ?? [];
  const [first] = all;
  return {
    code:
      [reason, error, code, isObject(first) && first["code"]].find((one) => isText(one) || typeof one === "number") ??
      "",
    message: [told, ...all.map(problemOf)].filter(isText).join("; "),
  };
}

function problemOf(error: unknown): string {
  const { pointer, message, msg = message, detail = msg } = isObject(error) ? error : { detail: error };
  return [pointer, detail].filter(isText).join(": ");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
