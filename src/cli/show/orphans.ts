import type { TracedKey, Verdict } from "../../index.js";
import { table } from "./table.js";

const MEANINGS: Record<Verdict, string> = {
  "in-flight": "too young to judge",
  complete: "held",
  unretired: "held; its predecessor still lives",
  orphan: "nobody holds it",
  "presumed-complete": "its predecessor is gone",
  unknown: "what the store holds does not tell",
};

/** @param asked whether it is known what the store holds */
export function orphanTable(found: readonly TracedKey[], asked: boolean): string {
  const meaningOf = (verdict: Verdict) =>
    verdict === "unknown" && !asked ? "may be an orphan: give --read, --dotenv or --held" : MEANINGS[verdict];
  return table([
    { title: "PROVIDER", cells: found.map(({ key }) => key.provider) },
    { title: "NAME", cells: found.map(({ key }) => key.name), atLeast: 12 },
    { title: "VERDICT", cells: found.map(({ verdict }) => verdict) },
    { title: "MEANING", cells: found.map(({ verdict }) => meaningOf(verdict)), atLeast: 16 },
    { title: "ID", cells: found.map(({ key }) => key.id), below: true },
    {
      title: "PREDECESSOR",
      cells: found.map(({ predecessor }) => (predecessor ? `replaces ${predecessor.id}` : "")),
      below: true,
    },
  ]);
}
