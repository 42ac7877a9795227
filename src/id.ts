import { BadRequestError } from "./http/errors.js";
import { failure, type CallName } from "./http/failure.js";
import { isObject } from "./json.js";

/** @throws BadRequestError where an id would not reach the server as it is. */
export function checkedId(call: CallName, key: unknown): string {
  const id = isObject(key) ? key["id"] : key;
  // `.` and `..` are steps in a path, even when encoded; half a surrogate pair cannot be encoded at all.
  if (typeof id === "string" && !/^\.{0,2}$|\p{Surrogate}/u.test(id)) return id;
  throw failure(BadRequestError, call, 'an id is a non-empty string other than "." and "..". Pass a key or its id.');
}
