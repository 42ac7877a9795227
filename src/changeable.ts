/** Keys that are given by their id, and changed. */
import type { CallPromise } from "./call.js";
import type { Connection } from "./connection.js";
import { InvalidResponseError } from "./http/errors.js";
import { checkBaseUrl, failure } from "./http/failure.js";
import { redact } from "./http/redact.js";
import type { Call } from "./http/transport.js";
import { checkedId } from "./id.js";
import { cleanName, type ApiKey, type ProviderName } from "./key.js";
import type { CallOptions } from "./options.js";

/**
 * The `get` and `update` of a facade.
 *
 * @param keyOf the key of an answer
 * @param toBody a patch as the server takes it
 */
export function changeable<P extends ProviderName, Changes extends Patch>(
  connection: Connection<P, "getApiKey" | "updateApiKey">,
  keyOf: (body: unknown, call: Call) => ApiKey<P>,
  toBody: (patch: Changes) => object,
): {
  get: (id: string, options?: CallOptions) => CallPromise<ApiKey<P>>;
  update: (id: string, patch: Changes, options?: CallOptions) => CallPromise<ApiKey<P>>;
} {
  return {
    get: (key, options) =>
      connection.call("getApiKey", options, {
        key,
        result: (body, call) => requireAsked(call, keyOf(body, call), key),
      }),
    update: (key, patch, options) =>
      connection.call("updateApiKey", options, {
        key,
        body: toBody(patch),
        result: (body, call) => requireAsked(call, keyOf(body, call), key, patch),
      }),
  };
}

/** The key, which has to be the one that was asked for, with what the patch set. */
function requireAsked<K extends ApiKey>(call: Call, key: K, asked: unknown, patch: Patch = {}): K {
  if (key.id !== checkedId(call, asked)) {
    throw failure(InvalidResponseError, call, `the answer is about another key: ${checkBaseUrl(call)}.`);
  }
  const { name, disabled } = patch;
  // What the answer does not tell is empty, or absent.
  const otherName = name !== undefined && key.name !== "" && key.name.trim() !== cleanName(name).trim();
  const wrong = otherName ? "name" : (disabled ?? key.disabled) !== (key.disabled ?? disabled) ? "disabled" : undefined;
  if (wrong) {
    const shown = redact(JSON.stringify(key[wrong]), call.secrets);
    const problem = `the server answered as if done, and ${wrong} is still ${shown}. Look at the key, and set it again.`;
    throw failure(InvalidResponseError, call, problem);
  }
  return key;
}

/** What of a patch the answer is compared with. */
interface Patch {
  name?: string | undefined;
  disabled?: boolean | undefined;
}
