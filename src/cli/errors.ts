import { exitCodes, type ExitCode } from "./exit-codes.js";

/** The command was called in a way that cannot work. Nothing was sent. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command ended otherwise than it should; the message is for people, and whole. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(message: string, options: { exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** What the system said of a file, without the code, the call and the path: `no such file or directory`. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/s, "");
}

/** Whether it is the system's error of this code, such as `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
