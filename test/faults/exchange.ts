/** One request that has arrived, and the ways to answer it. */
import type { Socket } from "node:net";
import { replaced, type Answer, type Operation } from "./operation.js";
import { formsOf } from "../helpers/shown.js";

const FLOOD_BYTES = 50_000_000;

/** So long, on loopback, whatever was written has been read. */
const READ_MS = 5;

export interface Arrived {
  socket: Socket;
  /** What the request asks for. */
  operation: Operation;
  /** Plaintext that errors quote. */
  secrets: readonly string[];
  /** Tells exchanges apart, so that they quote in different forms. */
  serial: number;
  /** What a server that works would answer. */
  right: Answer;
  /** Where redirects lead. */
  elsewhere: string;
  /** To be called when the answer is on its way as a whole. */
  finished: () => void;
  /** To be called when nothing more will come. */
  stalled: () => void;
  /** Told of the body that is answered, as text. */
  answered: (status: number, text: string) => void;
  /** Counts what of a flood was taken. */
  flooded: (bytes: number) => void;
}

export class Exchange {
  readonly #arrived: Arrived;

  constructor(arrived: Arrived) {
    this.#arrived = arrived;
  }

  get socket(): Socket {
    return this.#arrived.socket;
  }
  get right(): Answer {
    return this.#arrived.right;
  }
  get elsewhere(): string {
    return this.#arrived.elsewhere;
  }

  rightText(): string {
    return textOf(this.right.body);
  }

  /** The right text without its last character, which no JSON can do without. */
  cutText(): string {
    return (this.rightText() || '{"deleted":true}').slice(0, -1);
  }

  /** What the provider says with a status, with every secret of the request in it. */
  error(status: number): string {
    const words = this.#quoted().join(" ");
    const { operationId, refusal } = this.#arrived.operation;
    const body = { code: status, type: "failure", message: words, reason: `ERR_${operationId}`, details: words };
    return JSON.stringify(refusal ? refusal(status, words) : { error: body });
  }

  html(): string {
    return `<html><h1>Welcome to the hotel</h1>${this.#quoted().join("<br>")}</html>`;
  }

  /** Answers rightly but for one field. */
  with(pointer: "asked" | "id" | "other", value: unknown): void {
    const { operation } = this.#arrived;
    this.answer(this.right.status, textOf(replaced(this.right.body, operation.pointers[pointer], value)));
  }

  /** A header that is empty is left out. */
  answer(status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
    this.socket.write(this.#head(status, { "content-length": String(Buffer.byteLength(body)), ...headers }));
    this.socket.write(body);
    this.#arrived.answered(status, body.toString());
    this.#arrived.finished();
  }

  /** An answer of which the client may never see the end. */
  answerGzip(bytes: Buffer): void {
    this.answer(this.right.status, bytes, { "content-encoding": "gzip" });
    setTimeout(this.#arrived.stalled, READ_MS);
  }

  stall(written: string): void {
    this.socket.write(written, () => setTimeout(this.#arrived.stalled, READ_MS));
  }

  halfHead(end: "stall" | "reset"): void {
    this.#break(this.#head(this.right.status, {}).slice(0, -8), end);
  }

  halfBody(end: "stall" | "reset" | "end", status = this.right.status): void {
    const text = this.cutText();
    this.#break(this.#head(status, { "content-length": String(Buffer.byteLength(text) + 1) }) + text, end);
  }

  /** The right answer behind 50 MB of spaces, which JSON allows. */
  flood(status: number, how: "announced" | "chunked"): void {
    const text = this.rightText();
    this.#arrived.answered(status, text);
    const chunked = how === "chunked";
    const size = FLOOD_BYTES + Buffer.byteLength(text);
    this.socket.write(
      this.#head(status, chunked ? { "transfer-encoding": "chunked" } : { "content-length": String(size) }),
    );
    const { socket } = this;
    const framed = (part: string) => (chunked ? `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n` : part);
    const piece = 500_000;
    const spaces = Buffer.from(framed(" ".repeat(piece)));
    const end = (text && framed(text)) + (chunked ? "0\r\n\r\n" : "");
    let left = FLOOD_BYTES;
    const pour = () => {
      while (left > 0) {
        left -= piece;
        this.#arrived.flooded(piece);
        if (!socket.write(spaces)) return void socket.once("drain", pour);
      }
      socket.write(end, this.#arrived.finished);
    };
    pour();
  }

  #break(written: string, how: "stall" | "reset" | "end"): void {
    if (how === "stall") this.stall(written);
    else if (how === "end") this.socket.end(written);
    // What is reset at once may never be read.
    else this.socket.write(written, () => setTimeout(() => this.socket.resetAndDestroy(), READ_MS));
  }

  #head(status: number, headers: Record<string, string>): string {
    // Errors tell it, and events.
    const quoted = this.#quoted().join(" ");
    const all = { "content-type": "application/json", "x-request-id": quoted, ...headers };
    const lines = Object.entries(all).flatMap(([name, value]) => (value ? [`${name}: ${value}\r\n`] : []));
    return `HTTP/1.1 ${status} Whatever\r\n${lines.join("")}\r\n`;
  }

  /** Each secret in one of the forms in which a server may quote it. */
  #quoted(): string[] {
    const { secrets, serial } = this.#arrived;
    return secrets.map((secret, index) => {
      const forms = formsOf(secret);
      return forms[(serial + index) % forms.length] ?? secret;
    });
  }
}

function textOf(body: unknown): string {
  return body === undefined ? "" : JSON.stringify(body);
}
