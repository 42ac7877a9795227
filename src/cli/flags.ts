/** Flags that not every provider has: how they are given to commander, and what is made of what it reads. */
import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import type { Parent } from "../api.js";
import type { Flag } from "../flags.js";
import type { ProviderName } from "../key.js";
import { Secret } from "../secret.js";
import { apiOf, flagsOf, providerNames } from "./providers.js";
import { UsageError } from "./errors.js";
import { timeOf, twinOf, type ReadFlag } from "./expiry.js";
import { systemReason } from "../files/system-errors.js";
import { standardInput, textOf } from "./text-files.js";
import type { Options } from "./options.js";

/** Of what a flag says something: a member of a provider's flags, or what stands in paths before the keys. */
export type FlagTable = "list" | "scope" | "create" | "rotate" | "update" | "parents";

function tableOf(table: FlagTable, provider: ProviderName): readonly ReadFlag[] {
  if (table === "parents") return Object.values(apiOf(provider).parents ?? {}).map(parentFlag);
  const own = flagsOf(provider)[table];
  const names = new Set(own.map(longOf));
  const twins = own.map(twinOf).filter((twin) => twin !== undefined);
  return [...own, ...twins.filter((twin) => !names.has(longOf(twin)))];
}

/** The flag by which what stands in paths before the keys is given. */
export function parentFlag({ option, env }: Parent): Flag {
  const words = option.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return {
    flags: `--${words.replaceAll(" ", "-")} <id>`,
    description: `the ${words} whose keys these are`,
    unlessGiven: env,
    field: option,
  };
}

/**
 * Gives a command the flags of all providers, so that one of another provider is known for what it is. Help shows those
 * of `only`, where it is known which provider is meant.
 */
export function addFlags(command: Command, tables: readonly FlagTable[], only: ProviderName | undefined): Command {
  const names = providerNames();
  const all = new Map<string, Stated[]>();
  for (const provider of new Set(only ? [only, ...names] : names)) {
    for (const flag of tables.flatMap((table) => tableOf(table, provider))) {
      // What the argument is called may differ: `--service-account <uuid>` and `--service-account <id>` are one flag.
      all.set(longOf(flag), [...(all.get(longOf(flag)) ?? []), { provider, flag }]);
    }
  }
  for (const stated of all.values()) {
    const owners = stated.map(({ provider }) => provider);
    const own = stated.find(({ provider, flag }) => provider === only || !flag.reads) ?? stated[0];
    if (!own) continue;
    const { flag } = own;
    const option = new Option(flag.flags, flag.description + conditions(flag, stated, only));
    if (flag.choices) option.choices(flag.choices);
    if (only && !owners.includes(only)) option.hideHelp();
    command.addOption(
      option.helpGroup(
        `Options of ${only ?? (owners.length === names.length ? "every provider" : owners.join(", "))}:`,
      ),
    );
  }
  return command;
}

/** A flag, and a provider that has it. */
interface Stated {
  provider: ProviderName;
  flag: ReadFlag;
}

/** Of which providers a flag cannot be left out, and what holds where it is. */
function conditions(
  { reads, unlessGiven }: ReadFlag,
  stated: readonly Stated[],
  only: ProviderName | undefined,
): string {
  const requiring = stated.filter(({ flag }) => flag.required).map(({ provider }) => provider);
  const byAll = only ? requiring.includes(only) : requiring.length === stated.length;
  const needed = byAll ? "; required" : only || requiring.length === 0 ? "" : `; required by ${requiring.join(", ")}`;
  const differs = !only && stated.some(({ flag }) => flag.unlessGiven !== unlessGiven);
  return needed + (unlessGiven && !reads && !differs ? `; ${unlessGiven} unless given` : "");
}

/**
 * What the flags of a provider say, by the facade's names.
 *
 * @throws UsageError for a flag of another provider, and where one that cannot be left out is missing.
 */
export function flagInput(table: FlagTable, provider: ProviderName, options: Options): Record<string, unknown> {
  const own = tableOf(table, provider);
  const ownNames = new Set(own.map(nameOf));
  for (const other of providerNames()) {
    for (const flag of tableOf(table, other).filter((one) => given(one, options) && !ownNames.has(nameOf(one)))) {
      const owners = providerNames().filter((name) => tableOf(table, name).some((one) => nameOf(one) === nameOf(flag)));
      throw new UsageError(
        `${provider} knows no ${longOf(flag)}; that is for ${owners.join(", ")}. ${seeOptions(provider)}`,
      );
    }
  }
  const input: Record<string, unknown> = {};
  for (const flag of own.filter((one) => given(one, options))) {
    const text = options[nameOf(flag)];
    if (text === "")
      throw new UsageError(`${longOf(flag)} is empty, as an unset variable is. Leave it out, or give a value.`);
    const value = "value" in flag ? flag.value : valueOf(flag, String(text));
    const [field = "", inner] = flag.field.split(".");
    const clash = own.find((one) => one !== flag && one.field === flag.field && given(one, options));
    if (clash) throw new UsageError(`${longOf(flag)} and ${longOf(clash)} contradict each other. Give one of them.`);
    input[field] = inner === undefined ? value : { ...(input[field] as object | undefined), [inner]: value };
  }
  const needed = new Set(own.flatMap((one) => (given(one, options) ? (one.needs ?? []) : [])));
  const said = new Set(own.flatMap((one) => (given(one, options) ? [one.field] : [])));
  const missing = own.filter((one) => !said.has(one.field) && (one.required ?? needed.has(one.field)));
  if (missing.length > 0) {
    const why = missing.map(({ required }) => (typeof required === "string" ? ` ${required}.` : "")).join("");
    throw new UsageError(`${provider} requires ${missing.map(usageOf).join(" and ")}.${why} ${seeOptions(provider)}`);
  }
  return input;
}

/** What the argument of a flag stands for. @throws UsageError where it cannot be that. */
function valueOf(flag: ReadFlag, text: string): unknown {
  if (flag.words && Object.hasOwn(flag.words, text)) return flag.words[text];
  if (flag.reads) return flag.reads(longOf(flag), text);
  return flag.takes ? READERS[flag.takes](longOf(flag), text) : text;
}

const READERS: Record<NonNullable<Flag["takes"]>, (flag: string, text: string) => unknown> = {
  amount: amountOf,
  count: countOf,
  list: listOf,
  time: timeOf,
  "secret-file": (flag, path) => new Secret(secretIn(flag, path)),
  "json-file": jsonIn,
};

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
function amountOf(flag: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`${flag} is ${problemOf(text)}: give a number, 0 or more, such as 25 or 12.5.`);
}

/** A whole number, 1 or more. */
export function countOf(flag: string, text: string): number {
  if (/^0*[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`${flag} is ${problemOf(text)}: give a whole number, 1 or more, such as 100.`);
}

/** Texts between commas, none of them empty. */
function listOf(flag: string, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.every((item) => item !== "")) return items;
  throw new UsageError(`${flag} is ${JSON.stringify(text)}: give texts between commas, none of them empty.`);
}

function problemOf(text: string): string {
  return /^-\d/.test(text) ? `${JSON.stringify(text)}, which is less than 0` : JSON.stringify(text);
}

/** What a file says in JSON: an object or a list. `-`: standard input. */
function jsonIn(flag: string, path: string): object {
  const text = textIn(flag, path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // It may quote the text.
  }
  throw new UsageError(`${flag} ${path}: it holds no JSON object or list.`);
}

/** A secret that a file holds, without the line end behind it. `-`: standard input. */
export function secretIn(flag: string, path: string): string {
  const text = textIn(flag, path);
  const problem = /^(export[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*[^=\s]/.test(text)
    ? "it sets a variable, as a dotenv file does. Put the value alone into a file, or read the file into the environment"
    : /\s/.test(text)
      ? "it holds more than one word. Put the secret alone into a file"
      : /[\0-\x1f\ufffd]/.test(text)
        ? "it holds what is no text"
        : undefined;
  if (problem !== undefined) throw new UsageError(`${flag} ${path}: ${problem}.`);
  return text;
}

function textIn(flag: string, path: string): string {
  try {
    return textOf(path === "-" ? standardInput() : readFileSync(path)).trim();
  } catch (error) {
    throw new UsageError(`${flag} ${path}: ${systemReason(error)}.`, { cause: error });
  }
}
