import type { Api } from "./api.js";

/** Whether a text looks like what only the plaintext of a key of this API does. As an id it would stand in URLs and errors. */
export function looksLikePlaintext({ plaintext = [] }: Pick<Api, "plaintext">, text: string): boolean {
  // A list may show an empty text in place of a plaintext.
  return text !== "" && plaintext.some((pattern) => new RegExp(pattern, "u").test(text));
}
