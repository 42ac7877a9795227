/** The text of a document from a file or an address that is not trusted. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { UnreadableDocument } from "./unreadable.js";

/** The largest public documents have about half of it. */
export const MAX_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 60_000;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @throws UnreadableDocument */
export async function fetchText(location: string, maxBytes = MAX_BYTES): Promise<string> {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location) ? fromAddress(location, maxBytes) : fromFile(location, maxBytes);
}

async function fromFile(path: string, maxBytes: number): Promise<string> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new UnreadableDocument("it is not a file");
    if (facts.size > maxBytes) throw tooLarge(maxBytes);
    return await decoded(createReadStream(path), maxBytes);
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error;
    throw new UnreadableDocument(`it cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function fromAddress(address: string, maxBytes: number): Promise<string> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw new UnreadableDocument("it is not a valid address");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && LOOPBACK.has(url.hostname))) {
    throw new UnreadableDocument("only https addresses are fetched");
  }
  if (url.username !== "" || url.password !== "") {
    throw new UnreadableDocument("its address holds a user name or a password");
  }
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status >= 300 && response.status < 400) {
      const target = response.headers.get("location") ?? "nowhere";
      throw new UnreadableDocument(`it has moved to ${target}; give that address if you trust it`);
    }
    if (!response.ok) throw new UnreadableDocument(`the server answers ${response.status}`);
    if (!response.body) throw new UnreadableDocument("the server answers with nothing");
    return await decoded(chunksOf(response.body), maxBytes);
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new UnreadableDocument(`it cannot be fetched: ${messageOf(cause)}`, { cause: error });
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel();
  }
}

/** Counts what arrives, whatever a header or a file system said before. */
async function decoded(stream: AsyncIterable<unknown>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new UnreadableDocument("it does not arrive as bytes");
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    try {
      text += decoder.decode(chunk, { stream: true });
    } catch {
      throw new UnreadableDocument("it is not UTF-8 text");
    }
  }
  return text;
}

function tooLarge(maxBytes: number): UnreadableDocument {
  return new UnreadableDocument(`it is larger than ${maxBytes / 2 ** 20} MB`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
