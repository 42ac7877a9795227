/** The findings that an audit had before, so that only new ones count. */
import type { Finding } from "../index.js";
import { UsageError } from "./errors.js";
import { jsonIn } from "./text-files.js";

/** Of a finding, what it is recognized by in a baseline. */
export function markOf({ rule, provider, id }: Pick<Finding, "rule" | "provider" | "id">): string {
  return JSON.stringify([rule, provider, id]);
}

/** The marks of the findings in a file that `audit --json` has written. @throws UsageError */
export async function baselineIn(path: string): Promise<Set<string>> {
  const findings = await jsonIn("--baseline", path);
  const isFinding = (one: unknown): one is Pick<Finding, "rule" | "provider" | "id"> =>
    typeof one === "object" &&
    one !== null &&
    ["rule", "provider", "id"].every((name) => typeof (one as Record<string, unknown>)[name] === "string");
  if (!Array.isArray(findings) || !findings.every(isFinding)) {
    throw new UsageError(`--baseline ${path}: it is not what \`keysmith audit --json\` writes. Write it so.`);
  }
  return new Set(findings.map(markOf));
}
