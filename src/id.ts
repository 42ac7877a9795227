import type { Api } from "./api.js";
import { BadRequestError } from "./http/errors.js";
import { failure, type CallName } from "./http/failure.js";
import { isObject } from "./json.js";
import { looksLikePlaintext } from "./plaintext.js";

/**
 * Whether a value can stand in a path as it is: `.` and `..` are steps of their own there, even when encoded, and half a
 * surrogate pair cannot be encoded at all.
 */
export function isStep(value: unknown): value is string {
  return typeof value === "string" && !/^\.{0,2}$|\p{Surrogate}/u.test(value);
}

/**
 * The id of a key that is given as a whole or by its id.
 *
 * @param api where a plaintext is refused in place of an id
 * @throws BadRequestError where an id would not reach the server as it is.
 */
export function checkedId(call: CallName, key: unknown, api: Pick<Api, "plaintext"> = {}): string {
  const id = isObject(key) ? key["id"] : key;
  if (!isStep(id)) {
    throw failure(BadRequestError, call, 'an id is a non-empty string other than "." and "..". Pass a key or its id.');
  }
  if (looksLikePlaintext(api, id)) throw failure(BadRequestError, call, "that is the plaintext of a key. Give its id.");
  return id;
}
