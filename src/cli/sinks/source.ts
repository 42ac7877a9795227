import type { Secret } from "../../secret.js";
import { CommandError, UsageError } from "../errors.js";
import { systemReason } from "../../files/system-errors.js";
import type { Options } from "../options.js";
import { variableOf } from "./dotenv-file.js";
import { printedBy } from "./exec.js";
import { checkRunnable } from "./runnable.js";

/** Reads the plaintext that a store holds. */
type Source = () => Promise<Secret | undefined>;

/**
 * Where the options say that the key in use is: what `--read COMMAND` prints, or a variable of a dotenv file. Undefined
 * where they name neither.
 *
 * @throws UsageError where there is none, CommandError where the command of `--read` fails or prints none
 */
export async function sourceOf({ dotenv, variable, read: command }: Options): Promise<Source | undefined> {
  if ((dotenv === undefined) !== (variable === undefined)) {
    throw new UsageError("--dotenv FILE and --variable NAME belong together. Give both.");
  }
  if (command !== undefined && dotenv !== undefined) {
    throw new UsageError("--read and --dotenv name two places, and a sweep is for one. Give one of them.");
  }
  if (command !== undefined) await checkRunnable("--read", command);
  const source: Source | undefined =
    command !== undefined
      ? () => printedBy(command)
      : dotenv !== undefined && variable !== undefined
        ? () => variableOf(dotenv, variable)
        : undefined;
  const place = command === undefined ? `--dotenv ${dotenv ?? ""}` : "--read";
  // A command that fails is no more wrong usage than a server that does.
  const refusal = (problem: string, cause?: unknown) =>
    new (command === undefined ? UsageError : CommandError)(`${place}: ${problem}.`, { cause });
  const refuse = (error: unknown) => {
    throw refusal(systemReason(error), error);
  };
  if (source && !(await source().catch(refuse))) {
    const nothing = command === undefined ? `it sets no ${variable ?? ""}` : "the command prints nothing";
    throw refusal(`${nothing}, so nobody can tell which key is in use`);
  }
  return source;
}
