/** Keys that are given by their id, and changed. */
import { unreadable } from "./answer.js";
import type { CallPromise } from "./call.js";
import type { Connection } from "./connection.js";
import { InvalidResponseError } from "./http/errors.js";
import { checkBaseUrl, failure } from "./http/failure.js";
import { redact, withoutQuotes } from "./http/redact.js";
import type { Call } from "./http/transport.js";
import { checkedId } from "./id.js";
import { at } from "./json.js";
import { isNamed, type ApiKey, type ProviderName } from "./key.js";
import type { Readable } from "./keys.js";
import type { CallOptions } from "./options.js";
import { given, meansSame } from "./wire.js";

/**
 * The `get` of a facade.
 *
 * @param keyOf the key of an answer
 */
export function readable<P extends ProviderName>(
  connection: Connection<P, "getApiKey">,
  keyOf: (body: unknown, call: Call) => ApiKey<P>,
): Pick<Readable<P>, "get"> {
  return {
    get: (key, options) =>
      connection.call("getApiKey", options, {
        key,
        result: (body, call) => requireAsked(call, keyOf(body, call), key),
      }),
  };
}

/**
 * The `get` and `update` of a facade.
 *
 * @param keyOf the key of an answer
 * @param toBody a patch as the server takes it
 */
export function changeable<P extends ProviderName, Changes>(
  connection: Connection<P, "getApiKey" | "updateApiKey">,
  keyOf: (body: unknown, call: Call) => ApiKey<P>,
  toBody: (patch: Changes, call: Call) => object,
) {
  return {
    ...readable(connection, keyOf),
    update: (key: string, patch: Changes, options?: CallOptions): CallPromise<ApiKey<P>> => {
      let body: object = {};
      return connection.call("updateApiKey", options, {
        prepare: (call) => {
          body = toBody(patch, call);
          return Promise.resolve({ key, body });
        },
        result: (answer, call) => requireAsked(call, keyOf(answer, call), key, body),
      });
    },
  };
}

/**
 * The key, which has to be the one that was asked for, as far as the answer tells with what was sent. No plaintext that the
 * client knows stands in it.
 */
export function requireAsked<K extends ApiKey>(call: Call, key: K, asked: unknown, body: object = {}): K {
  if (key.id !== checkedId(call, asked)) {
    throw failure(InvalidResponseError, call, `the answer is about another key: ${checkBaseUrl(call)}.`);
  }
  for (const [field, value] of given(body)) {
    const isName = `/${field}` === call.settings.api.key.name;
    const found: unknown = isName ? key.name : at(key.raw, `/${field}`);
    if (isName ? isCalled(key, value) : meansSame(value, found)) continue;
    const shown = redact(JSON.stringify(found), call.secrets);
    const problem = `the server answered as if done, and ${field} is still ${shown}. Look at the key, and set it again.`;
    throw failure(InvalidResponseError, call, problem);
  }
  const quoteless = withoutQuotes(key, call.secrets);
  if (!quoteless) throw unreadable(call);
  return quoteless;
}

/** A name that the answer does not tell is empty. */
function isCalled({ name }: ApiKey, asked: unknown): boolean {
  return name === "" || typeof asked !== "string" || isNamed(name, asked);
}
