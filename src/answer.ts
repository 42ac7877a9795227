/** What an answer has to be, and what is said where it is not. */
import type { Api } from "./api.js";
import { InvalidResponseError, ServerError } from "./http/errors.js";
import { checkBaseUrl, failure } from "./http/failure.js";
import { isRefusal, saysAbsent, serverWords, statusError } from "./http/status-error.js";
import type { Call } from "./http/transport.js";
import { checkedId } from "./id.js";
import { at, isObject } from "./json.js";
import type { ApiKey } from "./key.js";

/** The body of a success; of a revocation that came too late, none: the words of a 404 are no answer to it. */
export function successOf(call: Call, response: Response): unknown {
  // Of a revoked key nothing is left; a request that was sent before may have done it.
  if (response.status === 404 && call.spec.method === "DELETE" && call.doubts > 0) {
    if (saysAbsent(call)) {
      call.gone = true;
      return undefined;
    }
    const problem = `404, and not as this API says it: nothing tells whether the key is gone. Look at the list, and ${checkBaseUrl(call)}.`;
    throw failure(InvalidResponseError, call, problem, { status: 404 });
  }
  if (!response.ok) throw statusError(call, response);
  const [secret] = call.spec.idempotent ? [] : (call.spec.secrets?.response ?? []);
  // Nobody will show it again, whatever else is said beside it.
  if (at(call.body, secret)) return call.body;
  const { envelope, error } = call.settings.api;
  if (envelope && isRefusal(call)) {
    // In its own words: nothing has changed there.
    call.doubts--;
    throw statusError(call, response);
  }
  const said = envelope ? at(call.body, envelope.success) === true : !error || !isRefusal(call);
  if (!said) throw unreadable(call);
  return call.body;
}

/** What was asked for, without the envelope that an API has around it. */
export function payloadOf({ envelope }: Pick<Api, "envelope">, body: unknown): unknown {
  return envelope ? at(body, envelope.result) : body;
}

/** The error of an answer from which no result can be made. */
export function unreadable(call: Call): InvalidResponseError {
  const words = serverWords(call);
  const said = words ? ` (the server says: ${words.replace(/\.$/, "")})` : "";
  const problem = `the answer lacks what this API gives${said}: ${checkBaseUrl(call)}.`;
  return failure(InvalidResponseError, call, problem, { serverMessage: words });
}

/**
 * Takes the answer to a deletion, which says in the server's own words that it is done, and of which key where it tells.
 *
 * @throws ServerError where it says that nothing was deleted; InvalidResponseError where it says something else
 */
export function requireDeleted(call: Call, body: unknown, key: unknown): void {
  if (call.gone) return;
  const { deleted, id } = checkedObject(call, body);
  if (deleted === false) {
    throw failure(ServerError, call, "the server says that it has not deleted the key. Look at the list.");
  }
  if (deleted !== true || (id !== undefined && id !== checkedId(call, key))) throw unreadable(call);
}

/** The object that an answer, or a part of one, has to be. */
export function checkedObject(call: Call, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw unreadable(call);
  return value;
}

/** The key, which is of no use without its id. */
export function checkedKey<K extends ApiKey>(call: Call, key: K): K {
  if (!key.id) throw unreadable(call);
  return key;
}
