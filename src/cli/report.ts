import {
  isKeysmithError,
  type CreateOutcomeUnknownError,
  type ErrorKind,
  type KeysmithError,
  type ProviderName,
  type RotationError,
} from "../index.js";
import { CommandError, InterruptedError, UsageError } from "./errors.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { destinationOf } from "./destinations.js";
import { isOfOneKey } from "../api.js";
import { FOREIGN } from "../http/status-error.js";
import { apiOf, howToGetAKey } from "./providers.js";
import { note, printable } from "./show/output.js";
import { masked } from "./secrets.js";
import { table, wrapped } from "./show/table.js";

/**
 * Tells a person what went wrong, in a sentence or two, and gives the exit code for it.
 *
 * @param subject what it is about, where several things are in work
 * @param command the one that was run, where that is known
 */
export async function report(error: unknown, subject?: string, command?: string): Promise<ExitCode> {
  note(wrapped(`keysmith: ${subject === undefined ? "" : `${printable(subject)}: `}${sentence(error, command)}`));
  if (error instanceof CommandError) for (const line of error.below) note(printable(masked(line)));
  if (process.env["KEYSMITH_DEBUG"] === "1") noteStack(error);
  if (isOutcomeUnknown(error)) await noteCandidates(error);
  return exitCodeOf(error);
}

/** One exit code for the work on several keys: the first of its kind where there is one key, and else the gravest. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  const [only = exitCodes.done] = codes;
  if (codes.length === 1) return only;
  if (codes.includes(exitCodes.unknown)) return exitCodes.unknown;
  const failed = codes.filter((code) => code !== exitCodes.done);
  // Of an interrupt, all tell alike; what failed besides is graver.
  return failed.every((code) => code === failed[0] && code > SIGNALLED)
    ? (failed[0] ?? exitCodes.done)
    : exitCodes.failed;
}

/** Beyond it, an exit code says by which signal the work was ended. */
const SIGNALLED = 128;

/** What went wrong and what to do, without anything that a terminal would act upon. */
export function sentence(error: unknown, command?: string): string {
  return printable(masked(`${messageOf(error)}${hintFor(error, command)}`));
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof UsageError) return exitCodes.usage;
  if (!isKeysmithError(error)) return exitCodes.failed;
  if (isOutcomeUnknown(error) || isRotationDoubt(error)) return exitCodes.unknown;
  // What was begun is undone.
  for (let { cause } = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof InterruptedError) return cause.exitCode;
  }
  // What is refused before it is sent has no status.
  const refused = error.kind === "configuration" || (error.kind === "bad-request" && error.status === undefined);
  return refused ? exitCodes.usage : exitCodes.failed;
}

function messageOf(error: unknown): string {
  // What a program would look at, the command shows.
  if (isOutcomeUnknown(error)) return error.message.replace(": look at candidates() first", "");
  // And what it calls otherwise.
  if (isKeysmithError(error))
    return ofStoredKey(error) ?? error.message.replace("(the option baseUrl)", "(--base-url)");
  if (error instanceof UsageError || error instanceof CommandError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return `${text}. This should not happen; KEYSMITH_DEBUG=1 shows where it did.`;
}

/** The store's key was refused, which is not the credential that the command has. */
function ofStoredKey({ message, operation, status }: KeysmithError): string | undefined {
  if (status !== 401 || !message.includes("which key the store holds cannot be told")) return undefined;
  const problem = "It is the key in the store that is refused: it may be revoked.";
  const advice =
    operation === "storedKey" ? "Name the key that the new one is to replace." : "Put one that works into the store.";
  return message.replace(/Check that the credential .*$/, `${problem} ${advice}`);
}

const HINTS: Partial<Record<ErrorKind, (error: KeysmithError, provider: ProviderName, command?: string) => string>> = {
  authentication: hintOfCredential,
  permission: hintOfCredential,
  "not-found": ({ operation = "" }, provider) => {
    const api = apiOf(provider);
    const spec = api.operations[operation];
    return spec && isOfOneKey(api, spec) ? `\`keysmith list ${provider}\` shows what is there.` : "";
  },
  connection: hintOfDestination,
  timeout: hintOfDestination,
  // What a journal says stands in the message.
  "rotation-pending": ({ cause }) =>
    cause ? "" : "--read or --dotenv shows which key your store holds; where neither can be, --held FILE.",
};

function hintOfCredential({ message }: KeysmithError, provider: ProviderName, command?: string): string {
  // Any key may ask what it is itself.
  return message.includes(FOREIGN) || command === "current" ? "" : howToGetAKey(provider);
}

function hintOfDestination(_: KeysmithError, provider: ProviderName): string {
  return `It was sent to ${destinationOf(provider)}.`;
}

function hintFor(error: unknown, command?: string): string {
  const hint = isKeysmithError(error) && HINTS[error.kind]?.(error, error.provider as ProviderName, command);
  return hint ? ` ${hint}` : "";
}

function isOutcomeUnknown(error: unknown): error is CreateOutcomeUnknownError {
  return isKeysmithError(error) && error.kind === "outcome-unknown";
}

/** Whether a rotation stopped where two keys may be valid, or one more may exist. */
function isRotationDoubt(error: KeysmithError): boolean {
  return isRotationError(error) && (error.valid.length > 1 || isOutcomeUnknown(error.cause));
}

export function isRotationError(error: unknown): error is RotationError {
  return isKeysmithError(error) && error.kind === "rotation";
}

/** What the lost create may have made. */
async function noteCandidates(error: CreateOutcomeUnknownError): Promise<void> {
  try {
    const candidates = await error.candidates();
    if (candidates.length === 0) {
      note("No listed key fits. One that the server is still busy with may appear later: look again in a minute.");
      return;
    }
    note(
      table([
        { title: "NAME", cells: candidates.map(({ key }) => key.name), atLeast: 12 },
        { title: "WHY IT MAY BE THE ONE", cells: candidates.map(({ reason }) => reason), atLeast: 24 },
        { title: "ID", cells: candidates.map(({ key }) => key.id), below: true },
      ]),
    );
    note(`Nobody has its plaintext. If it is yours: keysmith revoke ${error.provider} ID`);
  } catch (failure) {
    note(`Looking for it failed, too: ${sentence(failure)}`);
  }
}

function noteStack(error: unknown): void {
  for (let current = error; current instanceof Error; current = current.cause) {
    for (const line of masked(current.stack ?? current.message).split("\n")) note(printable(line));
  }
}
