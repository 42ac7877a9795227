/** What commands there are, with what arguments and options. What they do is loaded when one of them runs. */
import { Argument, Option, type Command } from "commander";
import type { ProviderName } from "../key.js";
import {
  commandArgument,
  idArgument,
  idsArgument,
  optionalProviderArgument,
  providerArgument,
  providersArgument,
  shellArgument,
} from "./arguments.js";
import { flagsOf, providerNames, providersWith } from "./providers.js";
import type { ExitCode } from "./exit-codes.js";
import { version } from "./package-files.js";
import { print } from "./show/output.js";
import { fleetActions, type FleetAction } from "./fleet-actions.js";
import { addFlags, type FlagTable } from "./flags.js";
import type { Options } from "./options.js";

/** @param meant the provider whose options help shows; those of all where it is not known */
export function addCommands(program: Command, meant: ProviderName | undefined, finish: (code: ExitCode) => void): void {
  const command = (name: string, summary: string, more = "", example = exampleOf(name, meant)) =>
    program
      .command(name)
      .summary(summary)
      .description([summary, more].filter(Boolean).join(" "))
      .helpOption(...HELP_OPTION)
      .addHelpText("after", `\nExample:\n${example.replace(/^/gm, "  ")}`);
  // What stands before the keys is given to every command that works on them.
  const flags = (to: Command, ...tables: FlagTable[]) => addFlags(to, [...tables, "parents"], meant);

  program.commandsGroup("Keys:");

  const list = command("list", "Lists the keys of providers.");
  flags(list.addArgument(providersArgument()), "list");
  connection(list, "csv", "ids").action(async (providers: ProviderName[], options: Options) => {
    finish(await (await import("./commands/list.js")).list(providers, options));
  });

  const get = command("get", "Shows everything that is known of a key.").alias("show");
  flags(get.addArgument(providerArgument()).addArgument(idArgument()));
  connection(get).action(async (provider: ProviderName, id: string, options: Options) => {
    finish(await (await import("./commands/get.js")).get(provider, id, options));
  });

  const create = command("create", "Creates a key.", "No provider shows its plaintext again, so say where it goes.");
  flags(create.addArgument(providerArgument()), "create");
  connection(changing(sinks(create))).action(async (provider: ProviderName, options: Options) => {
    finish(await (await import("./commands/create.js")).create(provider, options));
  });

  const update = command("update", "Changes a key.");
  flags(update.addArgument(providerArgument()).addArgument(idArgument()), "update");
  connection(changing(update)).action(async (provider: ProviderName, id: string, options: Options) => {
    finish(await (await import("./commands/update.js")).update(provider, id, options));
  });

  const revoke = command("revoke", "Revokes keys for good.").alias("delete").alias("rm");
  flags(revoke.addArgument(providerArgument()).addArgument(idsArgument()));
  connection(confirming(changing(revoke))).action(async (provider: ProviderName, ids: string[], options: Options) => {
    finish(await (await import("./commands/revoke.js")).revoke(provider, ids, options));
  });

  program.commandsGroup("Rotation and audit:");

  const rotate = command(
    "rotate",
    "Replaces keys by new ones like them.",
    "An old key is retired only once the new one is stored and seen to work, so there is no moment without a key that " +
      "works. What is not given is as with the old key. Ctrl-C undoes what is not stored yet, and finishes what is.",
  );
  flags(
    rotate
      .addArgument(providerArgument())
      .addArgument(idsArgument("the key that --dotenv or --read finds unless given")),
    "rotate",
  );
  sinks(rotate)
    .addOption(
      new Option("--retire <how>", "what becomes of the old key; revoke unless given, keep with --reveal")
        .choices(["revoke", "disable", "keep"])
        .conflicts("retireAfter"),
    )
    .option("--older-than <duration>", "leaves keys alone that are younger, such as 30d")
    .option(
      "--retire-after <duration>",
      "leaves the old key to a later run without ids, or to `orphans --retire-due`, such as 24h or 7d",
    )
    .option(
      "--read <command>",
      "a command that prints the secret that --exec has stored, or nothing; better than --held",
    )
    .option("--held <file>", HELD)
    .option(
      "--min-age <duration>",
      "how old an unfinished rotation has to be to be finished or undone; 1h unless given",
    )
    .option("--journal <folder>", "notes there what is under way, and rotates no key that another one notes");
  connection(confirming(changing(rotate))).action(
    async (provider: ProviderName, ids: string[] | undefined, options: Options) => {
      finish(await (await import("./commands/rotate.js")).rotate(provider, ids ?? [], options));
    },
  );

  const orphans = command(
    "orphans",
    "Finds what rotations left behind.",
    "Unless it is known what your store holds, nothing is certain, and nothing is revoked.",
  );
  flags(orphans.addArgument(providersArgument()), "scope")
    .option("--read <command>", "a command that prints the secret that your store holds; better than --held")
    .option("--dotenv <file>", "a dotenv file that holds it")
    .option("--variable <name>", "the variable's name")
    .option("--held <file>", HELD)
    .addOption(new Option("--revoke", "revokes the keys that nobody holds").conflicts("retireDue"))
    .option(
      "--retire-due [duration]",
      "revokes the predecessors of held keys when their rotation said, and not before the keys are this old, such as 24h",
    )
    .option("--min-age <duration>", "how old a key has to be to be judged; 1h unless given");
  connection(confirming(changing(orphans))).action(async (providers: ProviderName[], options: Options) => {
    finish(await (await import("./commands/orphans.js")).orphans(providers, options));
  });

  const audit = command(
    "audit",
    "Says which keys are stale, unlimited, about to expire.",
    "Its exit code is 3 where there is something to say.",
  );
  flags(audit.addArgument(providersArgument()), "scope")
    .addOption(
      new Option("--fail-on <severity>", "from which severity on the exit code is 3; low unless given").choices([
        "high",
        "medium",
        "low",
      ]),
    )
    .option("--baseline <file>", "what `audit --json` has written: only what is not in it counts")
    .option(
      "--policy <file>",
      'JSON of what is to be other than usual, exceptions included: {"maxAgeDays": 30, "noLimit": false}',
    )
    .option("--max-age <duration>", "how old a key may be; 90d unless given")
    .option("--max-unused <duration>", "for how long it may be unused; 45d")
    .option("--expires-soon <duration>", "how long before it expires that is told; 30d")
    .option("--expires-very-soon <duration>", "and told as grave; 7d")
    .option("--max-life <duration>", "in how long it has to expire; 10000d")
    .option("--max-spent-share <share>", "which share of its limit it may have spent; 0.9")
    .addOption(several("--ignore <rule>", "leaves a rule out; may be given for several"));
  connection(audit, "sarif", "markdown").action(async (providers: ProviderName[], options: Options) => {
    finish(await (await import("./commands/audit.js")).audit(providers, options));
  });

  const fleet = command(
    "fleet",
    "Keeps one key for each of many customers.",
    "ensure makes a customer's key, once; rotate queues the keys that are due, and work rotates them, on as many machines as " +
      "you like; settle ends a doubt that status shows. KEYSMITH_FLEET_DATABASE is the URL of their PostgreSQL; unset, " +
      "there is an embedded one for this machine alone, in the folder KEYSMITH_FLEET_FOLDER if that is set.",
    fleetExample(meant),
  );
  flags(
    fleet
      .addArgument(new Argument("<action>", "what to do").choices(fleetActions))
      .addArgument(providerArgument())
      .addArgument(new Argument("[customer]", "whose key it is, by a name of yours")),
    "create",
  )
    .option("--dotenv <file>", "a dotenv file for the keys: customers are variables of it; the database unless given")
    .option("--older-than <duration>", "for rotate: which keys are due, such as 30d")
    .option("--concurrency <count>", "for work: how many customers at once; 4 unless given")
    .option("--max-failures <count>", "for work: ends after so many; 100 unless given")
    .option("--rate-limit <limit>", "REQUESTS/SECONDS of all machines, such as 10/1; what is published unless given")
    .option("--holds <id>", "for settle: the key that the customer's store holds")
    .option("--holds-none", "for settle: the customer's store holds no key");
  reaching(confirming(fleet).option("--json", "JSON for programs, instead of text for people")).action(
    async (action: FleetAction, provider: ProviderName, customer: string | undefined, options: Options) => {
      finish(await (await import("./commands/fleet.js")).fleet(action, provider, customer, options));
    },
  );

  program.commandsGroup("Accounts:");

  for (const [name, description] of [
    ["current", "Shows what the credential itself is and has left."],
    ["stats", "Shows how much the account has stored."],
    ["export", "Prints all records of the account, as JSON."],
  ] as const) {
    const able = providersWith(name);
    const example = ["keysmith", name, ...(able.length > 1 ? able.slice(0, 1) : [])].join(" ");
    const account = command(name, description, "", example);
    if (name === "current") account.alias("whoami");
    connection(flags(account.addArgument(optionalProviderArgument()))).action(
      async (provider: ProviderName | undefined, options: Options) => {
        finish(await (await import("./commands/account.js")).account(name, provider, options));
      },
    );
  }

  program.commandsGroup("Without an account:");

  command("spec", "Prints a provider's OpenAPI document, as YAML.")
    .addArgument(providerArgument("whose document it is"))
    .action(async (provider: ProviderName) => {
      finish((await import("./commands/spec.js")).spec(provider));
    });

  command(
    "generate",
    "Renders types, a table and a client of a spec of yours.",
    "It is linted by the rules of keysmith's own specs, and refused, with the place and the reason, where it says what " +
      "keysmith cannot do. Files that it did not make are left alone.",
    "keysmith generate lantern.yaml --out src/generated",
  )
    .addArgument(new Argument("<spec>", "an OpenAPI 3 document, as YAML or JSON"))
    .requiredOption("--out <folder>", "where the files go")
    .option("--name <provider>", "what the provider is called; the file's name unless given")
    .action(async (spec: string, options: Options) => {
      finish(await (await import("./commands/generate.js")).generate(spec, options));
    });

  command(
    "sandbox",
    "Serves every provider in memory, to try things.",
    "It prints the variables that lead there, for a shell to read, and ends with Ctrl-C or kill. With a command it sets them, " +
      "runs that, ends when it has, and gives its exit code.",
    SANDBOX_EXAMPLE.replace("LIST", exampleOf("sandbox", meant)),
  )
    .argument("[command...]", "behind --: what to run with these variables")
    .option(
      "--port <port>",
      "the port to listen at, 0 for any that is free; 4010 unless given, with a command any that is free",
    )
    .option("--host <address>", "the address to listen at; 127.0.0.1 unless given")
    .option("--seed <file>", "keys to begin with, as YAML or JSON: lists of them by provider")
    .addOption(
      several("--fault <fault>", "what goes wrong: lantern.listApiKeys=429,retryAfter=2,times=3; several may be given"),
    )
    .option("--rate-limit <limit>", "REQUESTS/SECONDS, such as 10/1, or published: more are refused with 429")
    .option("--now <time>", "when the sandbox's clock begins, such as 2027-12-31")
    .option("--remote-control", "lets other machines, too, ask what is below /_sandbox")
    .action(async (run: string[], options: Options) => {
      // A command's own exit code may be any.
      finish((await (await import("./sandbox.js")).runSandbox(run, options)) as ExitCode);
    });

  command(
    COMPLETE,
    "Prints the completion for a shell.",
    "",
    "keysmith complete bash > keysmith.bash\n. ./keysmith.bash",
  )
    .addArgument(shellArgument())
    .action(async (shell: string) => {
      (await import("./completion.js")).printCompletion(shell);
    });

  command("version", "Shows the version.", "", "keysmith version").action(() => {
    print(version());
  });

  const help = command("help", "Explains a command.", "", "keysmith help rotate");
  help.addArgument(commandArgument(program.commands)).action((name: string | undefined) => {
    (program.commands.find((one) => name !== undefined && namesOf(one).includes(name)) ?? program).outputHelp();
  });
}

export const COMPLETE = "complete";

/** What a command is called by: its own name first. */
export function namesOf(command: Command): string[] {
  return [command.name(), ...command.aliases()];
}

export const HELP_OPTION = ["-h, --help", "shows this"] as const;

// The server prints once it listens: whoever reads before that reads nothing, or what an earlier one printed.
const SANDBOX_EXAMPLE = `rm -f sandbox.env
keysmith sandbox > sandbox.env &
while kill -0 $! && [ ! -s sandbox.env ]; do sleep 1; done
. ./sandbox.env
LIST
kill $!`;

/** An example of a command: with the provider that is meant, or else with the first that has one. */
function exampleOf(command: string, meant: ProviderName | undefined): string {
  const names = meant ? [meant, ...providerNames()] : providerNames();
  return names.map((name) => flagsOf(name).examples[command]).find((one) => one !== undefined) ?? `keysmith ${command}`;
}

/** The three lines by which a fleet lives. */
function fleetExample(meant: ProviderName | undefined): string {
  const name = meant ?? exampleOf("create", meant).split(" ")[2] ?? "";
  const lines = [`ensure ${name} "customer 7"`, `rotate ${name} --older-than 30d`, `work ${name}`];
  return lines.map((line) => `keysmith fleet ${line}`).join("\n");
}

const HELD = "the ids of the keys that your store holds, one a line or as a JSON array";

/** @param formats in which results can be shown besides those of all commands */
function connection(command: Command, ...formats: string[]): Command {
  return reaching(
    command
      .option("--json", "JSON for programs, instead of text for people")
      .addOption(
        new Option("--output <format>", "how results are shown; text unless given").choices([
          ...["text", "json", "yaml"],
          ...formats,
        ]),
      ),
  );
}

/** How a provider is reached. */
function reaching(command: Command): Command {
  return (
    command
      .option("--api-key-file <path>", 'where the credential is, if not in the environment; "-": standard input')
      .option("--base-url <url>", "where the API is, if not where the environment or the provider says")
      .option("--allow-insecure", "lets the credential travel over plain http, where it can be read on its way")
      .option("--timeout <duration>", "how long an attempt may take; 30s unless given")
      .option("--retries <count>", "how often what is safe to repeat is repeated; 2 unless given")
      .option("--verbose", "tells each attempt, its answer and each wait, on standard error")
      // Known, so that it can be said why it is none.
      .addOption(new Option("--api-key [value]").hideHelp())
  );
}

function several(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text, earlier: string[] | undefined) => [...(earlier ?? []), text]);
}

function changing(command: Command): Command {
  return command.option("--dry-run", "says what would be done, and changes nothing");
}

function confirming(command: Command): Command {
  return command.option("--yes", "does not ask");
}

function sinks(command: Command): Command {
  const group = (flags: string, description: string) =>
    command.addOption(new Option(flags, description).helpGroup("Where the new key goes, one of:"));
  group("--out <file>", "a new file that only you can read");
  group("--dotenv <file>", "a dotenv file, made where there is none: one variable of it; the rest stays");
  group("--variable <name>", "the variable's name");
  group(
    "--exec <command>",
    "a command's standard input; its exit code 0 says stored, 10 nothing written; of another one nobody knows, unless it has " +
      "read nothing. " +
      "KEYSMITH_PROVIDER, KEYSMITH_KEY_ID and KEYSMITH_OLD_KEY_ID are in its environment",
  );
  group("--reveal", "standard output");
  // Former names, known so that it can be said what they are called now.
  for (const former of ["--env-file [file]", "--env-name [name]"]) command.addOption(new Option(former).hideHelp());
  return command;
}
