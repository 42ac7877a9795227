import type { ApiKey } from "../../key.js";
import { now } from "../clock.js";
import { printable } from "./output.js";
import { details, table } from "./table.js";

export function keyTable(keys: readonly ApiKey[]): string {
  const time = now();
  return table([
    { title: "PROVIDER", cells: keys.map(({ provider }) => provider) },
    { title: "NAME", cells: keys.map(({ name }) => name), atLeast: 12 },
    { title: "CREATED", cells: keys.map(({ createdAt }) => day(createdAt)) },
    { title: "EXPIRES", cells: keys.map(({ expiresAt }) => day(expiresAt)) },
    { title: "LAST USED", cells: keys.map(({ lastUsedAt }) => day(lastUsedAt)) },
    { title: "STATE", cells: keys.map((key) => stateOf(key, time)) },
    { title: "ID", cells: keys.map(({ id }) => id), below: true },
  ]);
}

const CSV_FIELDS = ["provider", "id", "name", "createdAt", "expiresAt", "lastUsedAt", "disabled"] as const;

/** The fields that all providers may have, as RFC 4180 has it, with a line of their names; empty where one is not told. */
export function keyCsv(keys: readonly ApiKey[]): string {
  const rows = keys.map((key) =>
    CSV_FIELDS.map((field) => {
      const value = printable(String(key[field] ?? ""));
      // A spreadsheet would run it, and names are anybody's.
      return field === "name" && /^[=+\-@]/.test(value) ? `'${value}` : value;
    }),
  );
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [[...CSV_FIELDS], ...rows].map((row) => row.map(cell).join(",")).join("\n");
}

/** Everything that is known of a key; of its server's own fields, what is not said already. */
export function keyDetails({ raw, ...key }: ApiKey): string {
  const known = new Set<unknown>(Object.values(key));
  const rest = Object.fromEntries(Object.entries(raw).filter(([, value]) => !known.has(value)));
  return details([...rowsOf(key), ...rowsOf(rest)]);
}

/** What every provider tells of a key; `get` shows the rest. */
export function keySummary({ raw: _raw, ...key }: ApiKey): string {
  return details(rowsOf(key));
}

/** The fields of an object, whatever they hold. */
export function rowsOf(object: object): [name: string, value: string][] {
  return Object.entries(object).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}

/** What people know a key by; the name is empty where nothing is known but the id. */
export type KeyName = Pick<ApiKey, "name" | "id">;

/** For a sentence: `"deploy" (f01d52…)`. */
export function named({ name, id }: KeyName): string {
  return name === "" ? printable(id) : `"${printable(name)}" (${printable(id)})`;
}

function stateOf({ disabled, expiresAt }: ApiKey, time: number): string {
  if (Date.parse(expiresAt ?? "") <= time) return "expired";
  if (disabled) return "disabled";
  // Where a provider knows neither, nothing can be said.
  return disabled === undefined && expiresAt === undefined ? "" : "active";
}

/** The day of a server's time; whatever else it sent, as it is. */
function day(time = ""): string {
  return /^\d{4}-\d{2}-\d{2}(?=T)/.exec(time)?.[0] ?? time;
}
