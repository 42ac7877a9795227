const PLAINTEXT = /^(EST.+ARY$|sk-or-|CCDB1_[^_]+_)/;

/** Whether a text looks like what only the plaintext of a key does. As an id it would stand in errors and journals. */
export function looksLikePlaintext(text: string): boolean {
  return PLAINTEXT.test(text);
}
