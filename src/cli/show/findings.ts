import cliui from "cliui";
import type { Finding } from "../../index.js";
import { outputWidth, printable } from "./output.js";

const SEVERITIES = ["high", "medium", "low"] as const;

// A sentence that runs over the whole of a wide screen is hard to read.
const WIDEST = 100;

/** The findings of each key below its name and id, the gravest first. */
export function findingsText(findings: readonly Finding[]): string {
  const blocks: string[] = [];
  for (const ofKey of grouped(findings, ({ provider, id }) => `${provider} ${id}`)) {
    const [{ provider, name, id }] = ofKey;
    const ui = cliui({ width: Math.min(outputWidth(), WIDEST) });
    for (const severity of SEVERITIES) {
      for (const { message, advice } of ofKey.filter((finding) => finding.severity === severity)) {
        const text = printable(`${message} ${advice}`);
        ui.div(
          { text: severity, width: 10, padding: [0, 0, 0, 2] },
          { text, width: Math.min(outputWidth(), WIDEST) - 10 },
        );
      }
    }
    blocks.push(`${provider}  ${printable(name)}\n  ${printable(id)}\n${ui.toString()}`);
  }
  return blocks.join("\n\n");
}

/** How many findings there are of how many keys, and of what nobody can tell, once for all keys. */
export function findingsSummary(findings: readonly Finding[], keyCount: number): string {
  const real = findings.filter(({ status }) => status === "finding");
  const counts = SEVERITIES.map(
    (severity) => [severity, real.filter((one) => one.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const unknown = grouped(
    findings.filter(({ status }) => status === "unknown"),
    ({ message }) => message,
  ).map((same) => `Unknown: ${same[0].message} ${same[0].advice} (${plural(same.length, "key")})`);
  return [
    `${plural(keyCount, "key")}, ${real.length === 0 ? "nothing found." : `${plural(real.length, "finding")}: ${counts.join(", ")}.`}`,
    ...unknown.map(printable),
  ].join("\n");
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

function plural(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
