/** The expectations as tables, for the documentation. Formatted as the repository's lint wants it. */
import { format } from "prettier";
import { outcomeOf } from "./cells.js";
import { faults, type Fault, type Group } from "./faults.js";
import type { OperationClass } from "./operation.js";
import { operations } from "./operations.js";
import type { Outcome } from "./outcomes.js";
import { targets, type Target } from "./targets.js";

const CLASSES: readonly OperationClass[] = ["read", "update", "revoke", "create"];

const HEADINGS: Readonly<Record<Group, string>> = {
  connection: "The connection fails",
  status: "The answer has a status",
  "retry-after": "The answer has `Retry-After`",
  redirect: "The answer leads to another host, with one of these statuses",
  body: "The answer has a body that is not right",
};

export function page(): Promise<string> {
  const groups = Object.keys(HEADINGS) as Group[];
  const members = CLASSES.map((kind) => {
    const names = operations.filter((operation) => operation.kind === kind).map(({ name }) => `\`${name}()\``);
    return `- **${kind}**: ${names.join(", ")}`;
  });
  const sections = groups.map((group) => {
    const rows = rowsOf(group, ({ want, ...fault }) => CLASSES.map((kind) => cell(fault, want[kind])));
    const lines = rows.flatMap((row) => [line(row), ...deviations(row.fault)]);
    return `## ${HEADINGS[group]}\n\n${table(["", ...CLASSES], lines)}`;
  });
  const phases = targets.filter(({ operation }) => operation.name === "estuary.revoke");
  const inPhases = groups.flatMap((group) =>
    rowsOf(group, (fault) => phases.map((target) => cell(fault, outcomeOf(fault, target), target))),
  );
  const [successes, news] = [false, true]
    .map((proven) =>
      groups.flatMap((group) => {
        const some = faults.filter(
          ({ want, certain = false, ...fault }) =>
            fault.group === group && want.revoke.attempts > 1 && certain === proven,
        );
        return some.length > 0 ? [`  - ${HEADINGS[group]}: ${some.map(({ title }) => title).join("; ")}`] : [];
      }),
    )
    .map((lines) => lines.join("\n"));

  return format(
    `# What becomes of a call when something fails

In the tests, each operation meets each of these faults over real connections. A cell says what comes of it while the
fault lasts, with the two retries that are the default: success or the error that is thrown, whether the call was tried
again, and how many requests met the fault ("0 of 3": three attempts, none of which became a request). What is
retried succeeds as soon as an attempt does. "Not now": it may succeed later, but the server asks for a longer wait than
\`maxRetryWaitMs\`. Of a \`CreateOutcomeUnknownError\`, the \`cause\` stands in brackets. An operation that differs from its
class has a line of its own, below. In every cell, every error is one of keysmith's, and retryable where it is retried or
"not now"; the credential and the plaintext of keys stand in no error, event or URL; no other host is sent anything; no
timer and no connection stays behind.

${members.join("\n")}

${sections.join("\n\n")}

## Estuary's \`revoke()\`

It looks at the list before and after its DELETE, and each of these three may meet the fault. What follows it is not sent,
unless it is got over. The requests of all three are counted, in this order.

${table(["", ...phases.map(({ phase }) => phase)], inPhases.map(line))}

## A revocation that is tried again and finds nothing

A 404 says that the key is revoked, unless it is certain that no attempt before it had an effect.

- It succeeds where the first attempt met:
${successes}
- It is a \`NotFoundError\` where the first attempt met:
${news}

## What the runtime does by itself

A **421** is not in these tables: as the Fetch standard wants it, the runtime itself sends such a request once more, on a
new connection, a create included, and only then tells of it. RFC 9110 (section 15.5.20) allows that for every method,
since the server has said that the request was not for it.
`,
    { parser: "markdown", printWidth: 120 },
  );
}

interface Row {
  fault: Fault;
  titles: string[];
  cells: string[];
}

/** The rows of a group: of statuses and redirects, which are many alike, one for all of which the same comes. */
function rowsOf(group: Group, cellsOf: (fault: Fault) => string[]): Row[] {
  const rows: Row[] = [];
  for (const fault of faults) {
    if (fault.group !== group) continue;
    const cells = cellsOf(fault);
    const alike = rows.find((row) => row.cells.join() === cells.join());
    if (alike && (group === "status" || group === "redirect")) alike.titles.push(fault.title);
    else rows.push({ fault, titles: [fault.title], cells });
  }
  return rows;
}

function line({ titles, cells }: Row): string[] {
  return [titles.join(", "), ...cells];
}

function deviations({ but = {}, ...fault }: Fault): string[][] {
  return operations.flatMap(({ name, kind }) => {
    const outcome = but[name];
    return outcome
      ? [[`↳ \`${name}()\``, ...CLASSES.map((one) => (one === kind ? cell(fault, outcome) : "as above"))]]
      : [];
  });
}

/** @param target which of several requests meets the fault */
function cell(
  { does, endless }: Pick<Fault, "does" | "endless">,
  { error, cause, retryable, attempts }: Outcome,
  target?: Target,
): string {
  const arrive = typeof does === "function" ? String(attempts) : `0 of ${attempts}`;
  const requests = target
    ? [0, 1, 2].map((at) => (at === target.before ? arrive : at < target.before || !error ? "1" : "0")).join(" + ")
    : arrive;
  if (!error) return `succeeds · ${requests}`;
  const last = (name: string) => (endless === "maybe" ? `\`${name}\` or \`TimeoutError\`` : `\`${name}\``);
  const thrown = cause ? `\`${error}\` (${last(cause)})` : last(error);
  return `${thrown} · ${attempts > 1 ? "retried" : retryable ? "not now" : "not retried"} · ${requests}`;
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
