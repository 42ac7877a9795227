/** Reads the arguments, runs the command that they name, and tells of what goes wrong. */
import { homedir } from "node:os";
import { Command, CommanderError, type Argument } from "commander";
import { withIdsApart } from "./arguments.js";
import { addCommands, COMPLETE, HELP_OPTION, namesOf } from "./commands.js";
import { inProjectFile, loadModules, withoutModules } from "./modules.js";
import { apiOf, providerNames } from "./providers.js";
import { UsageError } from "./errors.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import type { Options } from "./options.js";
import { version } from "./package-files.js";
import { report } from "./report.js";
import { write } from "./show/standard-output.js";

const EXIT_CODES = `
Exit codes:
  0  done
  1  failed
  2  wrong usage; nothing was sent
  3  audit has findings
  4  outcome unknown: a key may exist, or be stored; somebody has to look
  130, 143, 129  ended by Ctrl-C, kill or a closed terminal; nothing half done

KEYSMITH_DEBUG=1 shows where an error comes from.`;

const NO_ARGUMENT =
  "A credential is never an argument: every process of this machine can read those, and shells keep them. Consider that " +
  "one leaked. Put it into the environment, or into a file for --api-key-file.";

/** Gives the exit code. Throws nothing. */
export async function run(given: string[]): Promise<ExitCode> {
  try {
    const { rest, named } = withoutModules(given);
    // What a shell asks while somebody types runs no code of a project.
    const modules = isAskedByShell(rest) ? [] : [...named, ...inProjectFile()];
    await loadModules(modules);
    return await runCommand(rest);
  } catch (error) {
    return report(error, undefined, given[0]);
  }
}

function isAskedByShell([first, second]: readonly string[]): boolean {
  return first === COMPLETE && second === "--";
}

async function runCommand(args: string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = new Command("keysmith")
    .description("Manages API keys where they are issued.")
    .version(version(), "-v, --version", "shows the version")
    .helpOption(...HELP_OPTION)
    .option("--provider <module>", "a provider of another package, or of a file: ./lantern.js")
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(" "),
    })
    .exitOverride()
    // What is wrong is told below, as every error is.
    .configureOutput({ writeOut: write, outputError: () => undefined });
  program.hook("preAction", (_, command) => {
    if (command.opts<Options>()["apiKey"] !== undefined) throw new UsageError(NO_ARGUMENT);
    expandHome(command);
  });
  // As far as can be seen before the arguments are read.
  const meant = providerNames().find((name) => args.includes(name));
  try {
    addCommands(program, meant, (code) => {
      exitCode = code;
    });
  } catch (error) {
    // Of keysmith's own providers, tests see to it that there is no such thing.
    throw new UsageError(`A provider that was loaded has an option that is taken. ${String(error)}.`, { cause: error });
  }
  try {
    const [first = "-"] = args;
    if (isAskedByShell(args)) {
      await (await import("./completion.js")).answerShell(program, COMPLETE, args.slice(2));
      return exitCode;
    }
    if (first.startsWith("-") || first === "help") program.addHelpText("after", `${credentialHelp()}\n${EXIT_CODES}`);
    const command = program.commands.find((one) => namesOf(one).includes(first)) ?? program;
    refuseTakenByNpm(command, args);
    await program.parseAsync(withIdsApart(args, command), { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, undefined, args[0]);
    if (error.exitCode === 0) return exitCodes.done;
    // Without any command, the help that was shown says it all.
    return error.code === "commander.help" ? exitCodes.usage : report(usageErrorOf(error, args));
  }
}

// What npm means by these is something else, or is a habit of somebody's; without them no key is made or revoked.
const NPMS_OWN = ["--json", "--workspace", "--yes"];

/**
 * `npm run rotate --dry-run` and `npm exec keysmith rotate … --dry-run` rotate: npm takes an option for its own unless it is
 * behind "--", and passes it on in the environment alone.
 *
 * @throws UsageError that names such an option
 */
function refuseTakenByNpm(command: Command, args: readonly string[]): void {
  const taken = command.options.find(
    ({ long }) =>
      long &&
      !NPMS_OWN.includes(long) &&
      process.env[`npm_config_${long.slice(2).replaceAll("-", "_")}`] &&
      !args.some((arg) => arg === long || arg.startsWith(`${long}=`)),
  );
  if (!taken) return;
  throw new UsageError(
    `npm has taken ${taken.long ?? ""} for an option of its own. Put -- before the options that are keysmith's, as in ` +
      "npm run NAME -- OPTIONS or npm exec -- keysmith OPTIONS.",
  );
}

/** What begins with a tilde is below the user's home: a shell leaves it as it is behind `=`, and where there is no shell. */
function expandHome(command: Command): void {
  for (const option of command.options.filter(({ flags }) => /<(file|folder|path)>/.test(flags))) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (typeof value !== "string" || !/^~(\/|$)/.test(value)) continue;
    command.setOptionValue(option.attributeName(), homedir() + value.slice(1));
  }
}

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function credentialHelp(): string {
  const apis = providerNames().map(apiOf);
  const longest = Math.max(...apis.map(({ provider }) => provider.length));
  const lines = apis.map(
    ({ provider, credentialEnv, baseUrlEnv }) => `  ${provider.padEnd(longest + 2)}${credentialEnv}, ${baseUrlEnv}`,
  );
  return ["", "Credentials, and base URLs where they are not the providers' own:", ...lines].join("\n");
}

/** commander's words, without what stands around them, and without a value that may be a secret. */
function usageErrorOf({ message, code }: CommanderError, args: string[]): UsageError {
  const [first = ""] = args;
  if (code === "commander.unknownCommand" && (providerNames() as string[]).includes(first)) {
    return new UsageError(`Say first what to do: keysmith list ${first}. See keysmith --help.`);
  }
  const words = message
    .replace(/^error: /, "")
    .replace(/=[^']*'/, "'")
    .replace(/\n\((.+)\)$/, ". $1")
    .replace(/[^.?]$/, "$&.");
  const missing =
    code === "commander.missingArgument" && message.includes("'provider'")
      ? ` Providers: ${providerNames().join(", ")}.`
      : "";
  const help = ["keysmith", first.startsWith("-") || code === "commander.unknownCommand" ? "" : first, "--help"]
    .filter(Boolean)
    .join(" ");
  return new UsageError(`${words}${missing} See ${help}.`);
}
