/** Removes known secrets from text that others wrote: a server, a runtime, a `fetch` of the user's. */

const MASK = "[secret]";

/** No text of others stands in an error at a greater length than this, in characters. */
const LONGEST = 300;

/** Nor is more of it looked through than this. */
const SEARCHED = 3000;

/** The plaintext that a client's calls have met, all of them together: the latest, up to a bound. */
export class KnownSecrets extends Set<string> {
  override add(secret: string): this {
    this.delete(secret);
    super.add(secret);
    for (const oldest of this) {
      if (this.size <= MOST_KNOWN) break;
      this.delete(oldest);
    }
    return this;
  }
}

// A rotation of many keys makes some at once; each text of others is looked through for all of them.
const MOST_KNOWN = 64;

/**
 * The text without the secrets, at most 300 characters of it. A secret in its plain form is masked. Where one can be
 * recovered by undoing percent-encoding, JSON escapes or base64, up to three deep, nothing of the text is left.
 */
export function redact(text: string, known: Iterable<string>): string {
  // What stands at either end of a header or a text may have lost the white space around it.
  const secrets = [...known].map((secret) => secret.trim()).filter(Boolean);
  const searched = text.slice(0, SEARCHED);
  const safe = secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), searched);
  // What is cut off may hold the rest of a secret, so where there was one, no more is risked.
  if ((text !== searched && safe !== searched) || holds(safe, secrets, 3)) return MASK;
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST - 1)}…` : safe;
}

function holds(text: string, secrets: readonly string[], depth: number): boolean {
  // A form writes a space as a plus.
  const [spaceless, ...wanted] = [text, ...secrets].map((one) => one.replaceAll(" ", "+"));
  if (wanted.some((secret) => spaceless?.includes(secret))) return true;
  return depth > 0 && decodings(text).some((decoded) => decoded !== text && holds(decoded, secrets, depth - 1));
}

/** The text with each encoding undone wherever it occurs. */
function decodings(text: string): string[] {
  const undo = (encoded: RegExp, decode: (run: string) => string) =>
    text.replace(encoded, (run) => {
      try {
        return decode(run);
      } catch {
        return run;
      }
    });
  return [
    undo(/(%[0-9a-f]{2})+/gi, (run) => utf8(Array.from(run.slice(1).split("%"), (byte) => parseInt(byte, 16)))),
    undo(/\\(u[0-9a-f]{4}|.)/gi, (run) => String(JSON.parse(`"${run}"`))),
    // Within a longer encoded text, a secret may begin at any of the four places of a group.
    ...[0, 1, 2, 3].map((skip) => undo(/[\w+/-]{8,}/g, (run) => fromBase64(run.slice(skip)))),
  ];
}

function fromBase64(text: string): string {
  // A group of one character, which a cut may leave, says nothing.
  const groups = text.length % 4 === 1 ? text.slice(0, -1) : text;
  const bytes = atob(groups.replaceAll("-", "+").replaceAll("_", "/"));
  return utf8(Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** What is no UTF-8 does not hide what is, and a byte order mark is kept. */
function utf8(bytes: number[]): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
