/** What the system says of files, programs and ports. */

/** What the system said of a file, without the code, the call and the path: `no such file or directory`. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/s, "");
}

/** Whether it is the system's error of this code, such as `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
