/** Hides secrets in text of others: whole or in part, over line ends, and in the usual encodings. */

const MASK = "[secret]";

/** As many characters of a secret in a row are no accident, and fewer are of no use. White space does not count. */
const RUN = 12;

/** As many may be the beginning of a run that goes on in what is still to come. */
const HINT = 4;

/** What an encoder puts between, where lines get long. */
const SPACE = /[\t-\r ]+/g;

/** No line is waited for longer than this, in characters. */
const LONGEST_LINE = 8_192;

export class Mask {
  /** By their length: those of a short secret are as long as it is. */
  readonly #runs = new Map<number, Set<string>>();
  readonly #hints = new Set<string>();
  /** Which two characters a run begins with: a look here spares most looks there. */
  readonly #beginnings = new Uint8Array(65_536);

  /** @param shown what may be shown, though a secret contains it, such as a key's id */
  constructor(secrets: Iterable<string>, shown: readonly string[] = []) {
    for (const secret of secrets) for (const form of formsOf(secret)) this.#add(form, shown);
  }

  #add(form: string, shown: readonly string[]): void {
    const length = Math.min(RUN, form.length);
    if (length < HINT) return;
    const runs = this.#runs.get(length) ?? new Set();
    this.#runs.set(length, runs);
    for (let at = 0; at + length <= form.length; at++) {
      const run = form.slice(at, at + length);
      if (shown.some((text) => text.includes(run))) continue;
      runs.add(run);
      this.#beginnings[beginning(run, 0)] = 1;
    }
    for (let at = 0; at + HINT <= form.length; at++) this.#hints.add(form.slice(at, at + HINT));
  }

  /** The text without what it shows of the secrets. */
  apply(text: string): string {
    const squeezed = text.replace(SPACE, "");
    const found = this.#rangesIn(squeezed);
    if (found.length === 0) return text;
    const places = placesIn(text);
    let masked = "";
    let from = 0;
    for (const [start, end] of found) {
      masked += text.slice(from, places[start]) + MASK;
      from = (places[end - 1] ?? 0) + 1;
    }
    return masked + text.slice(from);
  }

  #rangesIn(squeezed: string): [start: number, end: number][] {
    const ranges: [number, number][] = [];
    for (let at = 0; at < squeezed.length; at++) {
      if (this.#beginnings[beginning(squeezed, at)] === 0) continue;
      for (const [length, runs] of this.#runs) {
        if (!runs.has(squeezed.slice(at, at + length))) continue;
        const last = ranges.at(-1);
        if (last && last[1] >= at) last[1] = Math.max(last[1], at + length);
        else ranges.push([at, at + length]);
      }
    }
    return ranges;
  }

  /**
   * The same for text that comes in pieces: whole lines, as soon as it is clear that nothing of a secret begins at their
   * end, and parts of a line that has none.
   */
  async *lines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
    let [rest, before] = ["", ""];
    let [ended, hasLines] = [true, false];
    for await (const piece of pieces) {
      rest += piece;
      hasLines ||= piece.includes("\n");
      if (!hasLines && rest.length <= LONGEST_LINE) continue;
      const end = this.#endOfClear(rest, before);
      if (end === 0) continue;
      ended = rest[end - 1] === "\n";
      before = (before + rest.slice(Math.max(0, end - LONGEST_LINE), end).replace(SPACE, "")).slice(-HINT);
      yield this.apply(rest.slice(0, end));
      rest = rest.slice(end);
      hasLines = rest.includes("\n");
    }
    if (rest !== "" || !ended) yield `${this.apply(rest)}${rest.endsWith("\n") ? "" : "\n"}`;
  }

  /**
   * How much of a text can be judged without what follows.
   *
   * @param before the latest characters of what was judged already
   */
  #endOfClear(text: string, before: string): number {
    const lineEnd = text.lastIndexOf("\n") + 1;
    const end = lineEnd === 0 && text.length > LONGEST_LINE ? text.length : lineEnd;
    if (end === 0) return 0;
    const tail = text.slice(Math.max(0, end - LONGEST_LINE), end);
    const squeezed = before + tail.replace(SPACE, "");
    // As long as a secret may be under way here, it began earlier.
    let count = squeezed.length;
    while (count > before.length && this.#hints.has(squeezed.slice(count - HINT, count))) count--;
    if (count === squeezed.length) return end;
    const places = placesIn(tail);
    const start = places[Math.max(0, count - before.length - HINT)] ?? 0;
    const clear = end - tail.length + start;
    const lineBefore = clear === 0 ? 0 : text.lastIndexOf("\n", clear - 1) + 1;
    return lineBefore === 0 && text.length > LONGEST_LINE ? Math.max(clear, text.length - LONGEST_LINE) : lineBefore;
  }
}

function beginning(text: string, at: number): number {
  return ((text.charCodeAt(at) & 255) << 8) | (text.charCodeAt(at + 1) & 255);
}

/** Where each character that is no white space stands. */
function placesIn(text: string): Int32Array {
  const places = new Int32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && (code < 9 || code > 13)) places[count++] = at;
  }
  return places.subarray(0, count);
}

/** How a program may write a secret without meaning to hide it. */
function formsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex").match(/../g) ?? [];
  const forms = [secret, secret.toUpperCase(), secret.toLowerCase(), encodeURIComponent(secret)];
  for (const separator of ["", ":", "%", "\\x"]) {
    forms.push(hex.join(separator), hex.join(separator).toUpperCase().replaceAll("\\X", "\\x"));
  }
  const octal = Array.from(bytes, (byte) => byte.toString(8).padStart(3, "0"));
  // As od -b has it, as an escape, and as programs print a list of bytes.
  forms.push(octal.join(""), octal.join("\\"), bytes.join(","));
  // Within a longer text it may begin at any of three places of a group; what depends on its neighbours is left out.
  for (const [before, skipped] of [
    [0, 0],
    [1, 2],
    [2, 3],
  ] as const) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const base64 = whole.toString("base64").slice(skipped, Math.floor((whole.length * 4) / 3));
    forms.push(base64, base64.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return new Set(forms);
}
