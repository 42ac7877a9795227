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
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
