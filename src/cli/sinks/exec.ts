import { NotStoredError } from "../../rotation/errors.js";
import { Secret } from "../../secret.js";
import { remember } from "../secrets.js";
import { note } from "../show/output.js";
import { maskOfKnown, runCommand, type Ending } from "./child.js";
import { checkRunnable, whyNotRunnable } from "./runnable.js";
import type { Sink } from "./sink.js";

/** With it a command says that it has certainly written nothing. */
const NOTHING_WRITTEN = 10;

/** With these the shell says that there is no such program, or none that can be run. So may a program of its own. */
const NOT_RUN = [126, 127];

/** No secret is longer, in characters, and no more is shown of what a command says besides. */
const LONGEST_SECRET = 65_536;

/**
 * `--exec COMMAND`: a command of the shell's, with the plaintext and nothing else on its standard input. Exit code 0:
 * stored; 10, or nothing read: certainly nothing written; anything else: nobody knows. What it prints goes to standard error,
 * without the plaintext, so that results stay what they are.
 *
 * @param readBack `--read COMMAND`: prints the plaintext that is stored now, or nothing
 */
export function exec(command: string, readBack?: string): Sink {
  return {
    description: `to the command ${command}`,
    many: true,
    check: async () => {
      await checkRunnable("--exec", command);
      if (readBack !== undefined) await checkRunnable("--read", readBack);
    },
    store: async (secret, key, oldId) => {
      const variables = {
        KEYSMITH_PROVIDER: key.provider,
        KEYSMITH_KEY_ID: key.id,
        ...(oldId !== undefined && { KEYSMITH_OLD_KEY_ID: oldId }),
      };
      const ending = await runCommand(command, { input: secret.reveal(), variables });
      const failure = await failureOf(command, ending, Buffer.byteLength(secret.reveal()));
      if (failure) throw failure;
    },
    ...(readBack !== undefined && { read: () => printedBy(readBack) }),
  };
}

async function failureOf(command: string, ending: Ending, size: number): Promise<Error | undefined> {
  const { unread } = ending;
  const code = "code" in ending ? ending.code : undefined;
  if (code === NOTHING_WRITTEN) return new NotStoredError("the command says that it wrote nothing (exit code 10)");
  // Nobody can have stored what nobody has read, whatever is said of it.
  if (unread === size) {
    const problem = code !== undefined && NOT_RUN.includes(code) ? await whyNotRunnable(command) : undefined;
    if (problem !== undefined) return new NotStoredError(`the command was not run: ${problem}`);
    const ended = code === 0 ? "" : ` ended with ${told(ending)}, and`;
    return new NotStoredError(`the command${ended} never read its standard input, where the key is`);
  }
  if (code !== 0) return new Error(`the command ended with ${told(ending)}`);
  return unread > 0 ? new Error(`the command left ${unread} bytes of the key unread on its standard input`) : undefined;
}

/** What a command of `--read` prints; undefined where that is nothing. */
export async function printedBy(command: string): Promise<Secret | undefined> {
  const printed = { stdout: "", stderr: "" };
  const onOutput = (text: string, stream: keyof typeof printed) => {
    if (printed[stream].length <= LONGEST_SECRET) printed[stream] += text;
  };
  const ending = await runCommand(command, { input: "", variables: {}, onOutput });
  const text = printed.stdout.trim();
  if (text.length <= LONGEST_SECRET) remember(text);
  // Only now, since a shell that traces its commands (`set -x`) prints the secret there, too.
  if (printed.stderr !== "") note(maskOfKnown().apply(printed.stderr.trimEnd()));
  if (!("code" in ending && ending.code === 0)) throw new Error(`the command of --read ended with ${told(ending)}`);
  if (text.length > LONGEST_SECRET) throw new Error("the command of --read prints more than a secret");
  return text === "" ? undefined : new Secret(text);
}

function told(ending: Ending): string {
  return "code" in ending ? `exit code ${ending.code}` : `the signal ${ending.signal}`;
}
