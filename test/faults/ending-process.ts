/**
 * A process that meets faults of every kind with one operation of each class, in real time, and then has nothing left to
 * do. That it ends is the test: whatever the client left behind, a timer or a connection, would keep it.
 */
import { cellsOf, observe, outcomeOf, problemsOf, represents, type Cell, type Time } from "./cells.js";
import { faults, type Fault } from "./faults.js";
import type { Origins } from "./server.js";

const origins = JSON.parse(process.argv[2] ?? "") as Origins;
const SHORT_MS = 300;
/** A timer that is left behind keeps the process for longer than any test may take. */
const LONG_MS = 2 ** 31 - 1;

// Far from those of the process that serves.
let serial = 1_000_000;

async function problemsIn(fault: Fault): Promise<string[]> {
  const time: Time = { timeoutMs: () => (fault.endless ? SHORT_MS : LONG_MS), waits: () => undefined };
  const meet = async (cell: Cell) => {
    const problems = problemsOf(cell, await observe(cell, ++serial, origins, time, 0), undefined, 0);
    return problems.map((problem) => `${fault.title}: ${cell.target.operation.name}: ${problem}`);
  };
  const cells = cellsOf(fault, "every run").filter(
    ({ target, mode }) =>
      mode === "always" &&
      represents(target, fault) &&
      // What goes before the fault, and a secret that is delivered, would have to come in the same short time.
      (!fault.endless || (target.before === 0 && outcomeOf(fault, target).error !== undefined)),
  );
  return (await Promise.all(cells.map(meet))).flat();
}

// Of statuses and redirects, one for all of which the same comes: what they leave behind is the same, too.
const kinds = new Map(
  faults.map((fault) => {
    const { group, title, want } = fault;
    return [group === "connection" || group === "body" ? title : group + JSON.stringify(want), fault];
  }),
);
const some = [...kinds.values()];

// What has no end takes its time, so together.
const problems = (await Promise.all(some.filter(({ endless }) => endless).map(problemsIn))).flat();
for (const fault of some) if (!fault.endless) problems.push(...(await problemsIn(fault)));
process.stdout.write(`${JSON.stringify(problems)}\n`);
