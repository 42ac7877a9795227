const hexDigits = "0123456789abcdef";
/** Digits and letters, of which most providers make their keys. */
export const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A text of so many characters of an alphabet, from the runtime's secure random numbers. */
export function randomText(length: number, alphabet: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}

/** A text of so many hexadecimal digits. */
export const randomHex = (length: number): string => randomText(length, hexDigits);

export function randomBelow(limit: number): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % limit;
}

/** Not `crypto.randomUUID()`, which browsers have in secure contexts alone. */
export function randomUuid(): string {
  const hex = randomHex(30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18)}`;
}
