/** What shells need to complete the command: a script for them to read, and answers to what that asks. */
import tab from "@bomb.sh/tab/commander";
import completion from "@bomb.sh/tab";
import type { Command } from "commander";
import { print } from "./show/output.js";

export function printCompletion(shell: string): void {
  printing(() => completion.setup("keysmith", "keysmith", shell));
}

/**
 * @param name of the command that prints completions
 * @param words what is on the command line behind `keysmith`, as far as it is typed
 */
export function answerShell(program: Command, name: string, words: string[]): void {
  // The adapter adds a command of this name, so ours steps aside, and takes its place afterwards.
  const aside = `${name}-aside`;
  program.commands.find((command) => command.name() === name)?.name(aside);
  const { commands } = tab(program);
  const own = commands.get(aside);
  commands.delete(aside);
  if (own) commands.set(name, own);
  printing(() => completion.parse(words));
}

/** The library prints with `console.log`, which says nothing of what it could not write. */
function printing(work: () => void): void {
  const { log } = console;
  console.log = print;
  try {
    work();
  } finally {
    console.log = log;
  }
}
