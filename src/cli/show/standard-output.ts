/** Results, written to the last byte, or it is told that they were not. */
import { writeSync } from "node:fs";
import { Socket } from "node:net";

const begun: Promise<void>[] = [];

/** Begins to write a text; `written()` tells what came of it. */
export function write(text: string): void {
  const writing = writeAll(text);
  // Whoever waits for it hears of it; until then nobody does, which is no reason to end.
  writing.catch(() => undefined);
  begun.push(writing);
}

/** Resolves once the system has taken everything. @throws the system's error of the first that it did not take. */
export async function written(): Promise<void> {
  await Promise.all(begun);
}

/** Resolves once the system has taken it. @throws the system's error, such as EPIPE; a part may be written. */
export async function writeAll(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout instanceof Socket) {
    await new Promise<void>((resolve, reject) => {
      stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
    return;
  }
  // Of a file that takes only a part, Node's own stream forgets the rest.
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}
