/** Findings of an audit, for people: by rule, the gravest first. */
import { styleText } from "node:util";
import type { Finding } from "../../index.js";
import { auditRules, RULE_TITLES } from "./audit-rules.js";
import { named } from "./keys.js";
import { outputWidth, printable } from "./output.js";
import { wrapped } from "./table.js";

export const SEVERITIES = ["high", "medium", "low"] as const;

const COLOURS = { high: "red", medium: "yellow", low: "cyan" } as const;

// A sentence that runs over the whole of a wide screen is hard to read.
const WIDEST = 100;

/** Not of a pipe: git and gh leave lines whole there, since what is searched is not to depend on a width that nobody has. */
function lineWidth(): number {
  const width = outputWidth();
  return width === Infinity ? width : Math.min(width, WIDEST);
}

/** Findings of one rule that are alike in what is to be done. */
interface Group {
  severity: Finding["severity"];
  rule: Finding["rule"];
  advice: string;
  findings: readonly Finding[];
}

/** The gravest first, and those of one gravity in the order of the rules. */
export function groupsOf(findings: readonly Finding[]): Group[] {
  const groups = grouped(findings, ({ severity, rule, advice }) => JSON.stringify([severity, rule, advice]));
  const rank = ({ severity, rule }: Finding) => SEVERITIES.indexOf(severity) * 100 + auditRules.indexOf(rule);
  return groups
    .sort(([one], [other]) => rank(one) - rank(other))
    .map((all) => ({ severity: all[0].severity, rule: all[0].rule, advice: all[0].advice, findings: all }));
}

export function findingsText(findings: readonly Finding[]): string {
  const width = lineWidth();
  const blocks = groupsOf(findings).map(({ severity, rule, advice, findings }) => {
    const lines: string[] = [];
    const line = (text: string, indent: number) => lines.push(wrapped(text, width, indent));
    // By Node's own rules: not for a pipe or a dumb terminal, and as NO_COLOR and FORCE_COLOR say.
    line(
      `${styleText(COLOURS[severity], severity, { stream: process.stdout })}  ${rule}  ${RULE_TITLES[rule]}: ${plural(findings.length, "key")}. ${advice}`,
      0,
    );
    for (const { message, provider, name, id } of findings) {
      line(`${provider} ${named({ name, id })}`, 2);
      line(printable(message), 4);
    }
    return lines.join("\n");
  });
  return blocks.join("\n\n");
}

interface Standing {
  /** How many keys were looked at. */
  keys: number;
  /** Those that count. */
  real: readonly Finding[];
  unknown: readonly Finding[];
  excepted: readonly Finding[];
  /** Those that the baseline has. */
  known: readonly Finding[];
}

/** How many findings there are of how many keys, and of what nobody can tell, once for all keys. */
export function findingsSummary({ keys, real, unknown, excepted, known }: Standing): string {
  const counts = SEVERITIES.map(
    (severity) => [severity, real.filter((one) => one.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const besides = [
    ...(known.length > 0 ? [`${known.length} in the baseline`] : []),
    ...(excepted.length > 0 ? [`${plural(excepted.length, "exception")} of the policy`] : []),
  ];
  const what = real.length === 0 ? "nothing found" : `${plural(real.length, "finding")}: ${counts.join(", ")}`;
  const notes = grouped(unknown, ({ message }) => message).map(
    (same) => `Unknown: ${same[0].message} ${same[0].advice} (${plural(same.length, "key")})`,
  );
  const first = `${plural(keys, "key")}, ${what}${besides.length > 0 ? `; besides, ${besides.join(" and ")}` : ""}.`;
  return [first, ...notes.map(printable)].join("\n");
}

/** The same, in lines of the terminal's width. */
export function wrappedSummary(standing: Standing): string {
  const width = lineWidth();
  const lines = findingsSummary(standing).split("\n");
  return lines.map((line) => wrapped(line, width)).join("\n");
}

/** A table for a pull request or a job's summary. */
export function findingsMarkdown(standing: Standing): string {
  const rows = groupsOf(standing.real).flatMap(({ findings }) =>
    findings.map(({ severity, rule, provider, name, id, message, advice }) =>
      [severity, rule, `${provider} ${named({ name, id })}`, message, advice].map(asMarkdown).join(" | "),
    ),
  );
  const table = ["| severity | rule | key | what | what to do |", "| --- | --- | --- | --- | --- |"];
  const [first = "", ...unknown] = findingsSummary(standing).split("\n").map(asMarkdown);
  return [
    "## API keys",
    "",
    first,
    ...(rows.length > 0 ? ["", ...table, ...rows.map((row) => `| ${row} |`)] : []),
    ...(unknown.length > 0 ? ["", ...unknown.map((line) => `- ${line}`)] : []),
  ].join("\n");
}

/** Names are anybody's: what means something in Markdown or HTML means itself. */
function asMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#!|~&@]/g, "\\$&");
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
