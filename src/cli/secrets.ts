/** The plaintext that this process has seen. Nothing of it may stand in what it writes but a result that was asked for. */
const seen = new Set<string>();

export function remember(secret: string): void {
  // What is shorter is no key, and stands in any sentence.
  if (secret.length >= 4) seen.add(secret);
}

/** All of it. */
export function remembered(): readonly string[] {
  return [...seen];
}

export function masked(text: string): string {
  return [...seen].reduce((rest, secret) => rest.split(secret).join("[secret]"), text);
}
