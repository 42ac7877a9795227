import { ServerError } from "../../http/errors.js";
import { failure } from "../../http/failure.js";
import type { Call } from "../../http/transport.js";
import { isObject } from "../../json.js";

/** Takes the answer to a deletion. @throws ServerError where it says that nothing was deleted. */
export function requireDeleted(body: unknown, call: Call): void {
  if (!isObject(body) || body["deleted"] !== false) return;
  throw failure(ServerError, call, "the server says that it has not deleted the key. Look at the list.");
}
