/** What the gate prints. */
import { wrap } from "../text/text-table.js";
import type { Verdict } from "./gate.js";
import type { RatedChange } from "./rate.js";
import { BUMPS } from "./version.js";

const WIDTH = 100;

export function gateReport(base: string, verdicts: Verdict[]): string {
  return [`Compared with ${base}.`, ...verdicts.map(section)].join("\n\n");
}

function section({ release, bump, required, ok }: Verdict): string {
  const { name, file, old, now, changes } = release;
  const lines = distinct(changes).map(
    ({ impact, sentence }) => `  ${impact.padEnd(5)}  ${wrap(sentence, WIDTH - 9).join(`\n${" ".repeat(9)}`)}`,
  );
  const versions =
    old === undefined ? `new, ${now ?? ""}` : now === undefined ? "gone" : old === now ? old : `${old} → ${now}`;
  const complaint = ok
    ? []
    : [
        `  ✗ ${bump === "none" ? "It must not go back" : `A ${bump} change`}: the version in ${file} has to be ${required ?? ""} or higher${zeroNote(old)}.`,
      ];
  return [`${name}  ${versions}`, ...lines, ...complaint].join("\n");
}

function zeroNote(old = ""): string {
  return old.startsWith("0.")
    ? ". Below 1.0.0 a breaking change raises the minor version, any other the patch version"
    : "";
}

/** Entries for CHANGELOG.md. */
export function changelog(verdicts: Verdict[]): string {
  const entries = verdicts.flatMap(({ release: { file, old, now, changes } }) => {
    if (changes.length === 0) return [];
    return [
      [
        `- \`${file}\` ${old ?? ""} → ${now ?? ""}`,
        ...distinct(changes).map(
          ({ impact, sentence }) => `  - ${impact === "major" ? "**Breaking:** " : ""}${sentence}`,
        ),
      ].join("\n"),
    ];
  });
  return entries.length === 0 ? "The specs have not changed." : `### Changed\n\n${entries.join("\n")}`;
}

/** The gravest first; what is said of several places alike is said once. */
function distinct(changes: RatedChange[]): RatedChange[] {
  const bySentence = new Map(changes.map((change) => [`${change.impact} ${change.sentence}`, change]));
  return [...bySentence.values()].sort((a, b) => BUMPS.indexOf(b.impact) - BUMPS.indexOf(a.impact));
}
