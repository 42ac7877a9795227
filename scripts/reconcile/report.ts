/** The table of what was decided. */
import { textTable, type Row } from "../text/text-table.js";
import type { Decision, Decisions } from "./decisions.js";

const COLUMNS = [
  { title: "Source", width: 15 },
  { title: "Place", width: 27 },
  { title: "Claim", width: 16 },
  { title: "Decision", width: 18 },
  { title: "Evidence", width: 16 },
];

export function reconcileTable({ decisions }: Decisions): string {
  const providers = [...new Set(decisions.map(({ provider }) => provider))];
  return providers
    .map((provider) => {
      const own = decisions.filter((decision) => decision.provider === provider);
      return `${provider}: ${own.length} decisions\n\n${textTable(COLUMNS, own.map(row))}`;
    })
    .join("\n\n\n");
}

function row({ id, kind, sources, places, claims, says, evidence }: Decision): Row {
  return {
    heading: `${id} (${kind})`,
    cells: [sources.join("\n"), places.map(({ at }) => at).join("\n"), claims, says, evidence],
  };
}
