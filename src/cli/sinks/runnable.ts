/** Whether the shell can run a command, seen before there is anything to give to it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { UsageError } from "../errors.js";
import { note } from "../show/output.js";
import { withoutCredentials } from "./child.js";

// One word, in which the shell does nothing but put in variables.
const PART = String.raw`[\w./~+@%^,:=-]|\\.|'[^']*'|\$\w+|\$\{\w+\}|"(?:[^"\\\x60$]|\\.|\$\w+|\$\{\w+\})*"`;
const ASSIGNMENTS = new RegExp(String.raw`(?:[ \t]*[A-Za-z_]\w*=(?:${PART})*[ \t]+)*[ \t]*`, "y");
const WORD = new RegExp(`(?:${PART})+`, "y");
const ARGUMENTS = new RegExp(String.raw`(?:${PART}|[ \t*?!#[\]{}]|\d?[<>][&|]?)*`, "y");

/**
 * The programs of a command's first pipeline, in the shell's words. What comes after it may depend on what it does.
 * Undefined where a look at the text does not tell.
 */
export function programsOf(command: string): string[] | undefined {
  const programs: string[] = [];
  let at = 0;
  const next = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [text = ""] = pattern.exec(command) ?? [];
    at += text.length;
    return text;
  };
  for (;;) {
    const assignments = next(ASSIGNMENTS);
    const word = next(WORD);
    // The word may go on, as in `/opt/$(uname)/save` or `KEY=$(cat)`.
    if (word === "" || !/^[\s;&|<>]?$/.test(command.charAt(at))) return undefined;
    // An assignment and the number of a redirection are no programs, and a program may be where another PATH leads.
    if (/^(\w+\+?=|\d+$)/.test(word) || /\bPATH=/.test(assignments)) return undefined;
    const more = next(ARGUMENTS);
    // It is a function's name.
    if (/^[ \t]*$/.test(more) && command[at] === "(") return undefined;
    programs.push(word);
    if (command[at] !== "|" || command[at + 1] === "|") return programs;
    at++;
  }
}

/** @throws UsageError where the shell finds no such program, or cannot run it */
export async function checkRunnable(flag: string, command: string): Promise<void> {
  // A shell does nothing, and says that it went well.
  if (command.trim() === "") throw new UsageError(`${flag} is empty: give a command.`);
  const programs = process.platform === "win32" ? undefined : programsOf(command);
  if (!programs) {
    note(`Whether the shell can run the command of ${flag} is not known before it does.`);
    return;
  }
  const problem = await problemWith(programs);
  if (problem !== undefined) throw new UsageError(`${flag}: ${problem}.`);
}

/** Why the shell can certainly not run a command, nor a part of it; undefined where it may. */
export async function whyNotRunnable(command: string): Promise<string | undefined> {
  // What is beside a program that is not there may have run.
  if (/[;&|\n`(]/.test(command)) return undefined;
  return problemWith((process.platform === "win32" ? undefined : programsOf(command)) ?? []);
}

async function problemWith(programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    // The same shell, which puts in the same variables. Where that leaves nothing, the next word is the program.
    const lookup = spawn(
      `set -- ${program}; [ $# -gt 0 ] || exit 0; found=$(command -v "$1") || exit 127
       case $found in */*) [ -f "$found" ] && [ -x "$found" ] || exit 126;; esac`,
      { shell: true, stdio: "ignore", env: withoutCredentials() },
    );
    const [code] = (await once(lookup, "close")) as [number | null];
    if (code === 127) return `the shell finds no ${program}. Give its path, or see whether it is installed`;
    if (code === 126) return `${program} is no program that can be run. Make it one: chmod +x ${program}`;
  }
  return undefined;
}
