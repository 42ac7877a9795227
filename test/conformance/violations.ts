/** What the exchanges of the current test did wrong. */
const violations = new Set<string>();

export function report(found: readonly string[]): void {
  for (const violation of found) violations.add(violation);
}

/** Gives what was reported since the last time. */
export function takeViolations(): string[] {
  const taken = [...violations];
  violations.clear();
  return taken;
}
