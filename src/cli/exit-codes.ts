/** What the command's exit code says. Part of its interface: scripts branch on it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Nothing was sent: the arguments, a file or a credential is not what it has to be. */
  usage: 2,
  /** `audit` has something to say. */
  findings: 3,
  /** A key may exist, or be stored, and nothing tells: somebody has to look. */
  unknown: 4,
  /** Ended by a signal before it was done, with nothing half done: 128 and the signal's number, as shells have it. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
