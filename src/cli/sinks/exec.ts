import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { NotStoredError } from "../../rotation/errors.js";
import { systemReason, UsageError } from "../errors.js";
import { passOn } from "../show/output.js";
import type { Sink } from "./sink.js";

/** How long what a command has printed may take to arrive once it has ended. */
const LAST_WORDS_MS = 500;

/** With it a command says that it has certainly written nothing. */
const NOTHING_WRITTEN = 10;

/**
 * `--exec COMMAND`: a command of the shell's, with the plaintext and nothing else on its standard input. Exit code 0:
 * stored; 10: certainly nothing written; anything else: nobody knows. What it prints goes to standard error, without the
 * plaintext, so that results stay what they are.
 */
export function exec(command: string): Sink {
  return {
    description: `to the command ${command}`,
    many: true,
    check: () =>
      // A shell does nothing, and says that it went well.
      command.trim() === ""
        ? Promise.reject(new UsageError("--exec is empty: give the command that takes the new key."))
        : Promise.resolve(),
    store: (secret, key, oldId) =>
      runOn(command, secret.reveal(), {
        KEYSMITH_PROVIDER: key.provider,
        KEYSMITH_KEY_ID: key.id,
        ...(oldId !== undefined && { KEYSMITH_OLD_KEY_ID: oldId }),
      }),
  };
}

function runOn(command: string, secret: string, ids: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      // Of a session of its own: Ctrl-C is for us to deal with, not for half a write.
      detached: process.platform !== "win32",
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...ids },
    });
    child.once("error", (error) =>
      reject(new NotStoredError(`the command could not be started (${systemReason(error)})`)),
    );
    const ended = (code: number | null, signal: string | null) => {
      // What it has left running in the background has these streams, too, and may keep them for ever.
      for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
      if (code === 0) resolve();
      else if (code === NOTHING_WRITTEN)
        reject(new NotStoredError("the command says that it wrote nothing (exit code 10)"));
      else
        reject(
          new Error(`the command ended with ${code === null ? `the signal ${String(signal)}` : `exit code ${code}`}`),
        );
    };
    child.once("close", ended);
    child.once("exit", (code, signal) => void setTimeout(ended, LAST_WORDS_MS, code, signal).unref());
    for (const stream of [child.stdout, child.stderr]) masked(stream, secret);
    // It may read nothing; its exit code says what that means.
    child.stdin.on("error", () => undefined).end(secret);
  });
}

/** Passes text on to standard error, line by line, the secret masked. */
function masked(stream: NodeJS.ReadableStream, secret: string): void {
  let rest = "";
  const pass = (text: string) => text && passOn(text.split(secret).join("[secret]"));
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const end = (rest + text).lastIndexOf("\n") + 1;
    pass((rest + text).slice(0, end));
    rest = (rest + text).slice(end);
  });
  stream.on("end", () => pass(rest && `${rest}\n`));
}
