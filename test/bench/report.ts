import { cpus } from "node:os";
import { formatted } from "../../scripts/render/format.js";
import type { Benchmark, Row } from "./benchmark.js";

export interface Measured {
  benchmark: Benchmark;
  rows: Row[];
}

const COLUMNS = ["benchmark", "what", "figure", "target", ""];

export function table(measured: Measured[], versions: ReadonlyMap<string, string>): string {
  const lines = [COLUMNS, ...cellsOf(measured)];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return [
    ...lines.map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    ),
    "",
    ...missed(measured).map((line) => `${line}\n`),
    ...machine(versions),
  ].join("\n");
}

/** The same for the documentation. Formatted as the repository's lint wants it. */
export function page(measured: Measured[], versions: ReadonlyMap<string, string>): Promise<string> {
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  return formatted(
    `# Benchmarks

keysmith beside its peers, by the figures that it means to keep. \`npm run bench\` builds the package, installs the peers
that \`test/bench/package.json\` pins, measures, and writes this page; it needs the registry that npm is set to use, once,
and takes some minutes. \`npm run bench -- size calls\` measures those alone and writes nothing; with \`--strict\` a missed target
is an error. Times are of one machine, so only their ratios are compared. Rows without a target are there to compare with.

${row(COLUMNS)}
${row(COLUMNS.map(() => "---"))}
${cellsOf(measured).map(row).join("\n")}

${machine(versions).join(" ")}

${missedSection(measured)}

## How each is measured

${measured.map(({ benchmark: { name, how } }) => `- **${name}**: ${how}`).join("\n")}
`,
    "md",
    { proseWrap: "always" },
  );
}

function missedSection(measured: Measured[]): string {
  const lines = missed(measured);
  return lines.length > 0 ? `## What is missed\n\n${lines.map((line) => `- ${line}`).join("\n")}` : "";
}

/** What is said of the targets that are missed, benchmark by benchmark. */
function missed(measured: Measured[]): string[] {
  return measured
    .filter(({ rows }) => rows.some(({ met }) => met === false))
    .map(({ benchmark: { name, tried = "nothing was tried yet." } }) => `**${name}**: ${tried}`);
}

function cellsOf(measured: Measured[]): string[][] {
  return measured.flatMap(({ benchmark, rows }) =>
    rows.map(({ what, figure, target = "", met }, index) => [
      index === 0 ? benchmark.name : "",
      what,
      figure,
      target,
      met === undefined ? "" : met ? "met" : "missed",
    ]),
  );
}

function machine(versions: ReadonlyMap<string, string>): string[] {
  const cores = cpus();
  return [
    `Node ${process.versions.node} on ${cores.length} cores of ${cores[0]?.model.trim() ?? "an unknown processor"};`,
    `${[...versions].map(([name, version]) => `${name} ${version}`).join(", ")}.`,
  ];
}
