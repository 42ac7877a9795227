/** Commands of the shell's that are handed secrets, and shown none. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { NotStoredError } from "../../rotation/errors.js";
import { systemReason } from "../../files/system-errors.js";
import { Mask } from "../mask.js";
import { apiOf, providerNames } from "../providers.js";
import { remembered } from "../secrets.js";
import { passOn } from "../show/output.js";

/** How long what a command has printed may take to arrive once it has ended. */
const LAST_WORDS_MS = 500;

/** How it ended: with an exit code, or by a signal; and how many bytes of its input are known to be unread. */
export type Ending = ({ code: number } | { signal: string }) & { unread: number };

/**
 * Waits on a stream of its own until the input is there, runs a command, counts on that stream what is left of the input,
 * and ends as the command did. To a command, the end of an input that nobody has lived to write would be an empty secret,
 * which it stores.
 */
const COUNTING = [
  "read -r keysmith <&3 || exit 10",
  '/bin/sh -c "$1" 3>&-',
  "code=$?",
  "wc -c >&3",
  '[ "$code" -le 128 ] || kill -"$((code - 128))" $$ 2>/dev/null',
  'exit "$code"',
].join("; ");

export interface ChildOptions {
  /** Its standard input. */
  input: string;
  /** In its environment besides what is there: nothing secret. They may be shown, though a secret contains them. */
  variables: Record<string, string>;
  /**
   * Given what it prints, piece by piece, which goes to standard error otherwise: of a command that prints a secret, nobody
   * knows that before it has.
   */
  onOutput?: (text: string, stream: "stdout" | "stderr") => void;
}

/**
 * Runs a command of the shell's to its end. What it prints goes to standard error without any secret of this process.
 * No credential is in its environment.
 *
 * @throws NotStoredError where it could not be started
 */
export async function runCommand(command: string, { input, variables, onOutput }: ChildOptions): Promise<Ending> {
  const child = await started(command, { ...withoutCredentials(), ...variables }, input !== "");
  const [, , , counting] = child.stdio;
  const unread = countOn(counting);
  // It may read nothing: that is counted.
  child.stdin?.on("error", () => undefined).end(input);
  if (counting instanceof Socket) counting.write("\n");
  const { stdout, stderr } = child;
  const mask = maskOfKnown(Object.values(variables));
  const read = (["stdout", "stderr"] as const).map((name) => {
    if (!onOutput) return passedOn(child[name], mask);
    child[name]?.setEncoding("utf8").on("data", (text: string) => onOutput(text, name));
    return ended(child[name]);
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  // What it has left running in the background has these streams, too, and may keep them for ever.
  await Promise.race([Promise.all(read), new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);
  for (const stream of [stdout, stderr]) if (stream instanceof Socket) stream.unref();
  return { ...(code === null ? { signal: String(signal) } : { code }), unread: await unread };
}

/** Of every secret that this process knows now. @param shown what may be shown, though a secret contains it */
export function maskOfKnown(shown: readonly string[] = []): Mask {
  const credentials = providerNames().map((name) => apiOf(name).credentialEnv);
  const known = credentials.flatMap((name) => process.env[name]?.trim() ?? []);
  return new Mask([...remembered(), ...known], shown);
}

/** The environment of this process without the credential of any provider, which whoever stores a key has no use for. */
export function withoutCredentials(): NodeJS.ProcessEnv {
  const credentials = new Set<string>(providerNames().map((name) => apiOf(name).credentialEnv));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !credentials.has(name)));
}

/** @param counts whether what is left of the input is to be counted, where there is a shell that can */
async function started(command: string, env: NodeJS.ProcessEnv, counts: boolean): Promise<ChildProcess> {
  const isWindows = process.platform === "win32";
  // Of a session of its own: Ctrl-C is for us to deal with, not for half a write.
  const options = { detached: !isWindows, env };
  try {
    const child =
      counts && !isWindows
        ? spawn("/bin/sh", ["-c", COUNTING, "/bin/sh", command], {
            ...options,
            stdio: ["pipe", "pipe", "pipe", "pipe"],
          })
        : spawn(command, { ...options, shell: true, stdio: ["pipe", "pipe", "pipe"] });
    await once(child, "spawn");
    return child;
  } catch (error) {
    // Such as too many open files: there is no process, so nobody has read anything.
    throw new NotStoredError(`the command could not be started (${systemReason(error)})`, { cause: error });
  }
}

async function countOn(stream: unknown): Promise<number> {
  let count = "";
  try {
    if (stream instanceof Socket)
      for await (const text of stream.setEncoding("utf8") as AsyncIterable<string>) count += text;
  } catch {
    // Whoever was to count was killed.
  }
  return Number(count);
}

async function ended(stream: Readable | null): Promise<void> {
  if (stream) await once(stream, "end");
}

async function passedOn(stream: Readable | null, mask: Mask): Promise<void> {
  if (!stream) return;
  for await (const text of mask.lines(stream.setEncoding("utf8") as AsyncIterable<string>)) {
    // Whoever reads slowly makes it wait, and not this process's memory grow.
    if (!passOn(text) && process.stderr.writableNeedDrain) await once(process.stderr, "drain").catch(() => undefined);
  }
}
