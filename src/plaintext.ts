import type { Api } from "./api.js";

/** Whether a text looks like what only the plaintext of a key of this API does. As an id it would stand in URLs and errors. */
export function looksLikePlaintext({ plaintext = [] }: Pick<Api, "plaintext">, text: string): boolean {
  return plaintext.some((pattern) => new RegExp(pattern, "u").test(text));
}
