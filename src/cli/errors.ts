import { exitCodes, type ExitCode } from "./exit-codes.js";

/** The command was called in a way that cannot work. Nothing was sent. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command ended otherwise than it should; the message is for people, and whole. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;
  /** What stands in lines of its own below the message. */
  readonly below: readonly string[];

  constructor(message: string, options: { exitCode?: ExitCode; below?: readonly string[]; cause?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? exitCodes.failed;
    this.below = options.below ?? [];
  }
}

/** A signal ended the work before it was done. */
export class InterruptedError extends CommandError {
  constructor(message: string, signal: EndingSignal) {
    super(message, { exitCode: exitCodes[ENDINGS[signal]] });
  }
}

/** Ctrl-C, an end from without, and a terminal that was closed. */
const ENDINGS = { SIGINT: "interrupted", SIGTERM: "terminated", SIGHUP: "hungUp" } as const;

export type EndingSignal = keyof typeof ENDINGS;

export const endingSignals = Object.keys(ENDINGS) as EndingSignal[];
