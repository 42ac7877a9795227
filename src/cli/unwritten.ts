import { isSystemError, systemReason } from "../files/system-errors.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { note } from "./show/output.js";

/** Tells that a result could not be printed, and gives the exit code for it. */
export function reportUnwritten(error: unknown, exitCode: ExitCode): ExitCode {
  // Whoever has read enough knows that there was more.
  if (!isSystemError(error, "EPIPE")) {
    note(`keysmith: the result could not be printed whole: ${systemReason(error)}. What was changed stays changed.`);
  }
  return exitCode === exitCodes.done || exitCode === exitCodes.findings ? exitCodes.failed : exitCode;
}
