/** Flags that not every provider has: how they are given to commander, and what is made of what it reads. */
import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import type { ProviderName } from "../key.js";
import { systemReason, UsageError } from "./errors.js";
import type { Options } from "./options.js";

export interface Flag<Field extends string = string> {
  /** As commander reads it: `--limit <usd>`. */
  flags: string;
  description: string;
  /** For people: what holds otherwise. */
  unlessGiven?: string | undefined;
  /** It cannot be left out. A text says why, where that is not plain. */
  required?: true | string | undefined;
  /** Another field that cannot be left out where this one is given. */
  needs?: string;
  choices?: readonly string[];
  /** What it sets, by the facade's name; `external.user` is within another. */
  field: Field;
  /** What it sets it to: this, or what is made of its argument, or the argument itself. */
  value?: unknown;
  read?: (text: string) => unknown;
}

/** The flags of each provider. One that is not in it has those of `others`. */
export interface FlagTable {
  readonly by: Partial<Record<ProviderName, readonly Flag[]>>;
  readonly others: readonly Flag[];
}

export function flagsOf({ by, others }: FlagTable, provider: ProviderName): readonly Flag[] {
  return by[provider] ?? others;
}

/**
 * Gives a command the flags of all providers, so that one of another provider is known for what it is. Help shows those
 * of `only`, where it is known which provider is meant.
 */
export function addFlags(
  command: Command,
  table: FlagTable,
  providers: readonly ProviderName[],
  only: ProviderName | undefined,
): Command {
  const all = new Map<string, { flag: Flag; owners: ProviderName[]; requiring: ProviderName[] }>();
  for (const provider of new Set(only ? [only, ...providers] : providers)) {
    for (const flag of flagsOf(table, provider)) {
      const entry = all.get(flag.flags) ?? { flag, owners: [], requiring: [] };
      entry.owners.push(provider);
      if (flag.required) entry.requiring.push(provider);
      all.set(flag.flags, entry);
    }
  }
  for (const { flag, owners, requiring } of all.values()) {
    const byAll = only ? requiring.includes(only) : requiring.length === owners.length;
    const needed = byAll ? "; required" : only || requiring.length === 0 ? "" : `; required by ${requiring.join(", ")}`;
    const option = new Option(
      flag.flags,
      flag.description + needed + (flag.unlessGiven ? `; ${flag.unlessGiven} unless given` : ""),
    );
    if (flag.choices) option.choices(flag.choices);
    if (only && !owners.includes(only)) option.hideHelp();
    command.addOption(option.helpGroup(`Options of ${only ?? owners.join(", ")}:`));
  }
  return command;
}

/**
 * What the flags of a provider say, by the facade's names.
 *
 * @throws UsageError for a flag of another provider, and where one that cannot be left out is missing.
 */
export function flagInput(table: FlagTable, provider: ProviderName, options: Options): Record<string, unknown> {
  const own = flagsOf(table, provider);
  const ownNames = new Set(own.map(nameOf));
  for (const [other, flags] of Object.entries(table.by)) {
    for (const flag of flags.filter((one) => given(one, options) && !ownNames.has(nameOf(one)))) {
      throw new UsageError(`${provider} knows no ${longOf(flag)}; that is for ${other}. ${seeOptions(provider)}`);
    }
  }
  const input: Record<string, unknown> = {};
  for (const flag of own.filter((one) => given(one, options))) {
    const text = options[nameOf(flag)];
    const value = "value" in flag ? flag.value : flag.read ? flag.read(String(text)) : text;
    const [field = "", inner] = flag.field.split(".");
    const clash = own.find((one) => one !== flag && one.field === flag.field && given(one, options));
    if (clash) throw new UsageError(`${longOf(flag)} and ${longOf(clash)} contradict each other. Give one of them.`);
    input[field] = inner === undefined ? value : { ...(input[field] as object | undefined), [inner]: value };
  }
  const needed = new Set(own.flatMap((one) => (given(one, options) ? (one.needs ?? []) : [])));
  const missing = own.filter((one) => !given(one, options) && (one.required ?? needed.has(one.field)));
  if (missing.length > 0) {
    const why = missing.map(({ required }) => (typeof required === "string" ? ` ${required}.` : "")).join("");
    throw new UsageError(`${provider} requires ${missing.map(usageOf).join(" and ")}.${why} ${seeOptions(provider)}`);
  }
  return input;
}

function seeOptions(provider: ProviderName): string {
  return `See the options of ${provider} with --help.`;
}

function usageOf({ flags, choices }: Flag): string {
  return choices ? `${flags} (${choices.join(", ")})` : flags;
}

function given(flag: Flag, options: Options): boolean {
  return options[nameOf(flag)] !== undefined;
}

function nameOf({ flags }: Flag): string {
  return new Option(flags).attributeName();
}

function longOf({ flags }: Flag): string {
  return new Option(flags).long ?? flags;
}

/** An amount, 0 or more. */
export function amountOf(flag: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`${flag} is ${problemOf(text)}: give a number, 0 or more, such as 25 or 12.5.`);
}

/** A whole number, 1 or more. */
export function countOf(flag: string, text: string): number {
  if (/^0*[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`${flag} is ${problemOf(text)}: give a whole number, 1 or more, such as 100.`);
}

function problemOf(text: string): string {
  return /^-\d/.test(text) ? `${JSON.stringify(text)}, which is less than 0` : JSON.stringify(text);
}

/** A secret that a file holds, without the line end behind it. `-`: standard input. */
export function secretIn(flag: string, path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8").trim();
  } catch (error) {
    throw new UsageError(`${flag} ${path}: ${systemReason(error)}.`, { cause: error });
  }
}
