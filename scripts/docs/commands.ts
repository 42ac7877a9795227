/** The reference of the command: a page for each of its commands, of what that says of itself. */
import { Command, type Argument, type Option } from "commander";
import { addCommands } from "../../src/cli/commands.js";

/** The text of each page, by the name of its file. */
export function commandPages(): Map<string, string> {
  const program = new Command("keysmith");
  addCommands(program, undefined, () => undefined);
  const pages = program.commands.map((command) => [`${command.name()}.md`, pageOf(command)] as const);
  return new Map([["README.md", indexOf(program.commands)], ...pages]);
}

function indexOf(commands: readonly Command[]): string {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const title = command.helpGroup().replace(/:$/, "");
    groups.set(title, [...(groups.get(title) ?? []), command]);
  }
  const sections = Array.from(groups, ([title, some]) => [
    `## ${title}`,
    some.map((one) => `- [keysmith ${one.name()}](${one.name()}.md): ${one.summary()}`).join("\n"),
  ]);
  return textOf([
    "# Commands",
    "What each command takes, as `keysmith help COMMAND` says it, too. [The guide](../guide/command.md) says how they work together.",
    ...sections.flat(),
  ]);
}

function pageOf(command: Command): string {
  const name = `keysmith ${command.name()}`;
  const terms = command.registeredArguments.map(termOf);
  const groups = new Map<string, Option[]>();
  for (const option of command.options.filter(({ hidden }) => !hidden)) {
    const title = (option.helpGroupHeading ?? "Options").replace(/:$/, "");
    groups.set(title, [...(groups.get(title) ?? []), option]);
  }
  const aliases = command.aliases().map((alias) => `\`keysmith ${alias}\``);
  return textOf([
    `# ${name}`,
    command.description(),
    ...(aliases.length > 0 ? [`The same as ${aliases.join(" and ")}.`] : []),
    fenced([name, ...terms, "[options]"].join(" ")),
    ...(terms.length > 0 ? ["## Arguments", list(command.registeredArguments, termOf)] : []),
    ...Array.from(groups, ([title, options]) => [`## ${title}`, list(options, ({ flags }) => flags)]).flat(),
    "## Example",
    fenced(exampleOf(command)),
  ]);
}

function list<T extends Argument | Option>(items: readonly T[], nameOf: (item: T) => string): string {
  return items.map((item) => `- \`${nameOf(item)}\`: ${item.description}${choicesOf(item)}`).join("\n");
}

function choicesOf({ argChoices = [] }: Argument | Option): string {
  return argChoices.length > 0 ? `; one of ${argChoices.map((choice) => `\`${choice}\``).join(", ")}` : "";
}

function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** What stands below the options in help. */
function exampleOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  const [, example = ""] = help.split("\nExample:\n");
  return example.trimEnd().replace(/^ {2}/gm, "");
}

function fenced(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

function textOf(blocks: readonly string[]): string {
  return `${blocks.join("\n\n")}\n`;
}
