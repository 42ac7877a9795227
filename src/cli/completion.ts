/** What shells need to complete the command: a script for them to read, and answers to what that asks. */
import tab from "@bomb.sh/tab/commander";
import completion from "@bomb.sh/tab";
import type { Command } from "commander";
import type { ApiKey } from "../key.js";
import { BASH } from "./completion-bash.js";
import { connect } from "./client.js";
import { everyKey } from "./place.js";
import { namesOf } from "./commands.js";
import type { Options } from "./options.js";
import { providerNames } from "./providers.js";
import { print, printable } from "./show/output.js";

export function printCompletion(shell: string): void {
  // The library's needs bash-completion, and has no names of files.
  if (shell === "bash") print(BASH);
  else for (const line of printedBy(() => completion.setup("keysmith", "keysmith", shell))) print(line);
}

/** What an option's or argument's name says of a file that it takes. */
const FILE = /<(?:file|path|folder|module|command)>/;

/** How the protocol says, in its last line, that names of files fit; and that they do not. */
const [FILES, NO_FILES] = [":0", ":4"];

/**
 * @param name of the command that prints completions
 * @param words what is on the command line behind `keysmith`, as far as it is typed
 */
export async function answerShell(program: Command, name: string, words: string[]): Promise<void> {
  // The adapter adds a command of this name, so ours steps aside, and takes its place afterwards.
  const aside = `${name}-aside`;
  program.commands.find((command) => command.name() === name)?.name(aside);
  const { commands } = tab(program);
  const own = commands.get(aside);
  commands.delete(aside);
  if (own) commands.set(name, own);

  let asked: "files" | "keys" | undefined;
  let keys: ApiKey[] = [];
  for (const command of program.commands) {
    const known = commands.get(command.name());
    if (!known) continue;
    for (const alias of command.aliases()) commands.set(alias, known);
    for (const { long, flags } of command.options) {
      const option = known.options.get(long?.slice(2) ?? "");
      if (option && FILE.test(flags)) option.handler = () => void (asked = "files");
    }
    const [id, spec] = ["id", "spec"].map((argument) => known.arguments.get(argument));
    if (spec) spec.handler = () => void (asked = "files");
    if (id) {
      id.handler = (complete) => {
        asked = "keys";
        const seen = new Set<string>();
        const shared = new Set(keys.flatMap(({ name }) => (seen.size < seen.add(name).size ? [] : [name])));
        for (const { name, id } of keys) {
          if (!shared.has(name)) complete(printable(name), printable(id));
          complete(printable(id), printable(name));
        }
      };
    }
  }
  // The library wants the answers at once, so it is asked once more when they are there.
  let lines = printedBy(() => completion.parse([...words]));
  if (asked === "keys") {
    keys = await keysFor(program, words);
    lines = printedBy(() => completion.parse([...words]));
  }
  for (const line of lines) print(line === NO_FILES && asked === "files" ? FILES : line);
}

/** The keys of the provider that is meant, as the options say that are typed already; none where that takes long, or fails. */
async function keysFor(program: Command, words: readonly string[]): Promise<ApiKey[]> {
  const [first = "", ...rest] = words;
  const provider = providerNames().find((name) => rest.includes(name));
  const command = program.commands.find((one) => namesOf(one).includes(first));
  if (!provider || !command) return [];
  try {
    // The last word is not complete yet.
    command.parseOptions(rest.slice(0, -1));
    const options = command.opts<Options>();
    // A shell's standard input is what is typed.
    if (options.apiKeyFile === "-") return [];
    return await everyKey({
      keys: await connect(provider, { ...options, verbose: false, timeout: "3s", retries: "0" }),
    });
  } catch {
    // A shell has no place to say why.
    return [];
  }
}

/** What the library prints, with `console.log`, which would say nothing of what it could not write. */
function printedBy(work: () => void): string[] {
  const { log } = console;
  const lines: string[] = [];
  console.log = (text: string) => void lines.push(text);
  try {
    work();
  } finally {
    console.log = log;
  }
  return lines;
}
