/** Whether plaintext shows, in any of the forms that a server, a URL or a log gives it. */
import { inspect } from "node:util";

const known = new Map<string, readonly string[]>();

export function formsOf(secret: string): readonly string[] {
  const forms = known.get(secret) ?? newForms(secret);
  known.set(secret, forms);
  return forms;
}

function newForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    // As Node prints it within an object.
    inspect(secret).slice(1, -1),
  ];
}

/** Which of these secrets a text shows. */
export function shownIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));
}

/** Everything that a value shows to whoever logs it, looks into it, or serializes it. */
export function shown(value: unknown): string[] {
  const json = JSON.stringify({ value });
  return [
    String(value),
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
    json,
    ...textsWithin(value),
    ...textsWithin(JSON.parse(json)),
  ];
}

/** Every text that properties lead to: message, stack and cause, too, which are not enumerable. */
function textsWithin(value: unknown, seen = new Set<object>()): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  return Reflect.ownKeys(value).flatMap((name) => [
    String(name),
    ...textsWithin(Reflect.get(value, name) as unknown, seen),
  ]);
}
