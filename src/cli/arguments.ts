/** The arguments of the commands, and what is refused of them. */
import { Argument, type Command } from "commander";
import { closestMatch } from "leven";
import type { ProviderName } from "../key.js";
import { isPlaintext, providerNames } from "./providers.js";
import { UsageError } from "./errors.js";

export function providerArgument(description = "who issues the key"): Argument {
  return new Argument("<provider>", description).choices(providerNames()).argParser(checkedProvider);
}

export function optionalProviderArgument(): Argument {
  return new Argument("[provider]", "who is asked; the one that can tell unless given")
    .choices(providerNames())
    .argParser(checkedProvider);
}

export function providersArgument(): Argument {
  const add = (text: string, earlier: ProviderName[] = []) => [...earlier, checkedProvider(text)];
  return new Argument("[provider...]", "who issues the keys; all whose credential is set unless given")
    .choices(providerNames())
    .argParser(add);
}

export function idArgument(): Argument {
  return new Argument(
    "<id>",
    "of the key, as `list` shows it; its beginning or a name, where only one key fits",
  ).argParser(checkedId);
}

/** @param orElse what is meant where none is given */
export function idsArgument(orElse?: string): Argument {
  const add = (text: string, earlier: string[] = []) => [...new Set([...earlier, checkedId(text)])];
  const what = "of a key, as `list` shows it; its beginning or a name, where only one key fits";
  return orElse === undefined
    ? new Argument("<id...>", what).argParser(add)
    : new Argument("[id...]", `${what}; ${orElse}`).argParser(add);
}

export function shellArgument(): Argument {
  return new Argument("<shell>", "for which it is").choices(["zsh", "bash", "fish", "powershell"]);
}

/** @param commands those that can be explained */
export function commandArgument(commands: readonly Command[]): Argument {
  const names = commands.flatMap((command) => [command.name(), ...command.aliases()]);
  return new Argument("[command]", "what is explained; all of it unless given")
    .choices(names)
    .argParser((text) => checkedCommand(text, names));
}

function checkedCommand(text: string, names: readonly string[]): string {
  if (names.includes(text)) return text;
  throw new UsageError(`There is no command ${JSON.stringify(text)}.${guess(text, names, 3)} See keysmith --help.`);
}

function checkedProvider(text: string): ProviderName {
  const found = providerNames().find((name) => name === text);
  if (found) return found;
  const meant = guess(text.toLowerCase(), providerNames(), 4);
  throw new UsageError(
    `There is no provider ${JSON.stringify(text)}.${meant} Providers: ${providerNames().join(", ")}.`,
  );
}

function guess(text: string, names: readonly string[], maxDistance: number): string {
  const near = closestMatch(text, names, { maxDistance });
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

function checkedId(text: string): string {
  if (!isPlaintext(text)) return text;
  throw new UsageError(
    "That is the plaintext of a key, not its id, and every process of this machine could read it now: consider it leaked. " +
      "`keysmith list` shows ids.",
  );
}

// An id may be a hash in base64url, so that one in 64 begins as options do. No option is as long.
const DASHED_ID = /^-[\w-]{42}$/;

/**
 * The arguments in an order in which no id is taken for an option: options first, and the rest, in its order, behind "--".
 *
 * @param command the one that the first argument names
 */
export function withIdsApart(args: readonly string[], command: Command): string[] {
  if (args.includes("--")) return [...args];
  const [name = "", ...given] = args;
  const isValue = (at: number) =>
    command.options.some(({ required, short, long }) => required && [short, long].includes(given[at - 1]));
  const isOption = (arg: string, at: number) => isValue(at) || (arg.startsWith("-") && !DASHED_ID.test(arg));
  if (!given.some((arg, at) => DASHED_ID.test(arg) && !isValue(at))) return [...args];
  return [name, ...given.filter(isOption), "--", ...given.filter((arg, at) => !isOption(arg, at))];
}
