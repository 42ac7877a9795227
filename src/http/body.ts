/** The body of an answer, read as it comes, whatever kind of `fetch` brought it. */

import { parsed } from "../json.js";
import type { Response } from "../web.js";

interface Reader {
  read: () => Promise<{ done?: boolean | undefined; value?: Uint8Array | string | undefined }>;
  cancel: () => unknown;
}

export class Body {
  readonly #reader: Reader;
  readonly #decoder = new TextDecoder();
  #text = "";
  #last: Uint8Array | string = "";
  /** Whether there was more than was to be read; the rest was left. */
  tooLarge = false;

  constructor(response: Response) {
    this.#reader = readerOf(response);
  }

  /** @param maxBytes of what is more, no more is read */
  async read(maxBytes: number): Promise<string> {
    for (let left = maxBytes; ;) {
      const { done = false, value = "" } = await this.#reader.read();
      // One late: a body in one piece, as most are, is not decoded as a stream, which takes Node longer than all the rest.
      this.#text += this.#decoded(!done);
      this.#last = done ? "" : value;
      if (done) return this.#text;
      left -= value.length;
      if (left >= 0) continue;
      this.tooLarge = true;
      // Left alone, the connection would stay.
      this.cancel();
      return this.soFar();
    }
  }

  /** What came until now. No more can be read afterwards. */
  soFar(): string {
    this.#text += this.#decoded(false);
    this.#last = "";
    return this.#text;
  }

  cancel(): void {
    void Promise.resolve(this.#reader.cancel()).catch(() => undefined);
  }

  #decoded(stream: boolean): string {
    return typeof this.#last === "string" ? this.#last : this.#decoder.decode(this.#last, { stream });
  }
}

/** Of a stream of the web's; of one of Node's, as node-fetch gives; or of a text in one piece. */
function readerOf(response: Response): Reader {
  const body: unknown = response.body;
  if (isStream(body)) return body.getReader();
  const chunks = (isIterable(body) ? body : textOf(response))[Symbol.asyncIterator]();
  return { read: () => chunks.next(), cancel: () => chunks.return?.() };
}

async function* textOf(response: Response): AsyncGenerator<string> {
  yield await response.text();
}

function isStream(body: unknown): body is { getReader: () => Reader } {
  return typeof body === "object" && body !== null && "getReader" in body;
}

function isIterable(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/** The JSON that a text begins with, closed where it breaks off behind a whole value. Undefined where it is none. */
export function completed(text: string): unknown {
  const closers: string[] = [];
  let quoted = false;
  let end = text.length;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (quoted) {
      if (char === "\\") index++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{") closers.push("}");
    else if (char === "[") closers.push("]");
    else if ((char === "}" || char === "]") && closers.pop() === char && closers.length === 0) {
      end = index + 1;
      break;
    }
  }
  return parsed(text.slice(0, end).replace(/,\s*$/, "") + closers.reverse().join(""));
}
