/**
 * The expectations, for the documentation: as lists, which a narrow screen has room for, with one item for all faults of
 * which the same comes. Formatted as the repository's lint wants it.
 */
import { formatted } from "../../scripts/render/format.js";
import { faults, type Fault, type Group } from "./faults.js";
import type { Operation, OperationClass } from "./operation.js";
import { operations } from "./operations.js";
import type { Outcome } from "./outcomes.js";
import { targets } from "./targets.js";

const CLASSES: readonly OperationClass[] = ["read", "update", "revoke", "create"];

const HEADINGS: Readonly<Record<Group, string>> = {
  connection: "The connection fails",
  status: "The answer has a status",
  "retry-after": "The answer has a Retry-After header",
  redirect: "The answer leads to another host",
  body: "The answer has a body that is not right",
};

export function page(): Promise<string> {
  const providers = new Set(operations.map(({ name }) => `\`${name.split(".")[0]}\``));
  const members = CLASSES.map((kind) => {
    const methods = operations.flatMap(({ name, doubt, ...one }) => {
      const method = `\`${name.split(".")[1]}()\``;
      return one.kind === kind ? [doubt ? `${method} (with a \`${doubt}\` instead)` : method] : [];
    });
    return `- **${kind}**: ${[...new Set(methods)].join(", ")}`;
  });
  const sections = Object.entries(HEADINGS).map(([group, heading]) => {
    const items = grouped(
      faults.filter((fault) => fault.group === group).map((fault) => [outcomes(fault), fault.title]),
    );
    const separator = group === "status" || group === "redirect" ? ", " : "; ";
    return `## ${heading}\n\n${items.map(([lines, titles]) => `- **${titles.join(separator)}**\n${lines}`).join("\n")}`;
  });
  const looking = targets.filter(({ phase }) => phase === "before").map(({ operation }) => operation);
  const news = faults.filter(({ want, certain }) => want.revoke.attempts > 1 && certain);

  return formatted(
    `# What becomes of a call when something fails

In the tests, each operation of
${[...providers].join(", ")}
meets each of these faults over real connections. What comes of it while the fault lasts is said of each class of operations:

${members.join("\n")}

It succeeds, or an error is thrown. **Retried**: it was sent three times, as two retries are the default, and succeeds as
soon as an attempt does; all else was sent once. **Not now**: it may succeed later, but the server asks for a longer wait
than \`maxRetryWaitMs\`. What an unknown outcome comes of, its \`cause\`, stands in brackets.

Of every call, every error is one of keysmith's, and \`retryable\` where it is retried or "not now"; the credential and the
plaintext of keys stand in no error, event or URL, but for the URLs in which Unleash wants them; no other host is sent
anything; no timer and no connection stays behind.

${sections.join("\n\n")}

## Calls of several requests

Any of their requests may meet the fault, and fares as it would alone: a list and a get as one that reads. What follows it
is not sent, unless it is got over.

${looking.map((operation) => `- ${calls([operation])}: ${requestsOf(operation)}`).join("\n")}
- ${calls(operations.filter(({ looks }) => looks?.onRefusal))}: after some refusals a list, for what may explain them

## A revocation that is tried again and finds nothing

A 404 says that the key is revoked, unless it is certain that no attempt before it had an effect. So it is a success, but a
\`NotFoundError\` where the attempt before met:

${grouped(news.map(({ group, title }) => [HEADINGS[group], title]))
  .map(([heading, titles]) => `- ${heading}: ${titles.join("; ")}`)
  .join("\n")}

Of ${calls(operations.filter(({ noAbsence }) => noAbsence))} it is an \`InvalidResponseError\`, since that API does not say by 404
that there is no such key.

## What the runtime does by itself

A **421** is not in these lists: as the Fetch standard wants it, the runtime itself sends such a request once more, on a
new connection, a create included, and only then tells of it. RFC 9110 (section 15.5.20) allows that for every method,
since the server has said that the request was not for it.
`,
    "md",
  );
}

/** What comes of a fault, as a list: of each class, and of what differs from its class. */
function outcomes(fault: Fault): string {
  const ofClasses = grouped(CLASSES.map((kind) => [wordsOf(fault, fault.want[kind]), kind]));
  const ofOthers = grouped(
    operations.flatMap((operation) => {
      const outcome = fault.but?.[operation.name];
      return outcome ? [[wordsOf(fault, outcome), operation] as const] : [];
    }),
  );
  return [
    ...ofClasses.map(
      ([words, kinds]) => `${kinds.length === CLASSES.length ? "any call" : kinds.join(", ")}: ${words}`,
    ),
    ...ofOthers.map(([words, some]) => `but ${calls(some)}: ${words}`),
  ]
    .map((line) => `  - ${line}`)
    .join("\n");
}

function wordsOf({ endless }: Fault, { error, cause, retryable, attempts }: Outcome): string {
  if (!error) return "success";
  const last = (name: string) => (endless === "maybe" ? `\`${name}\` or \`TimeoutError\`` : `\`${name}\``);
  const thrown = cause ? `\`${error}\` (${last(cause)})` : last(error);
  return thrown + (attempts > 1 ? ", retried" : retryable ? ", not now" : "");
}

/** The operations of a provider in one, where they are all there. */
function calls(some: readonly Operation[]): string {
  const providers = grouped(some.map((operation) => [operation.name.split(".")[0] ?? "", operation]));
  return providers
    .map(([provider, its]) => {
      const all = operations.filter(({ name }) => name.startsWith(`${provider}.`));
      return its.length > 1 && its.length === all.length
        ? `all of \`${provider}\``
        : its.map(({ name }) => `\`${name}()\``).join(", ");
    })
    .join(", ");
}

function requestsOf(operation: Operation): string {
  const its = targets.filter((target) => target.operation === operation);
  return its.map(({ phase, asks }) => (phase === "own" ? "its own" : `a ${asks.name.split(".")[1]}`)).join(", ");
}

/** In the order in which they come first. */
function grouped<Key, T>(pairs: readonly (readonly [Key, T])[]): [Key, T[]][] {
  const groups = new Map<Key, T[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return [...groups];
}
