/** Types, table and client of a spec that is not keysmith's own. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError, UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { installedVersion, packageFolder } from "../package-files.js";
import { print } from "../show/output.js";

/**
 * Those of the package's optional peers without which no spec is rendered, each in the line that is tried. The package takes
 * any: a narrower range would keep everybody who has another line for other work from installing keysmith.
 */
const NEEDED = { "@redocly/openapi-core": "2.64", "openapi-typescript": "7", oxfmt: "0.79", typescript: "5" };

export async function generate(spec: string, options: Options): Promise<ExitCode> {
  const { out } = options;
  if (!out) throw new UsageError("Say where the files go: --out FOLDER.");
  const given = options["name"];
  const name = typeof given === "string" ? given : basename(spec).replace(/\..*/s, "");
  if (!/^[a-z][a-z0-9]*$/.test(name)) {
    throw new UsageError(
      `${JSON.stringify(name)} is no name of a provider: give --name, lower-case letters and digits.`,
    );
  }
  checkNeeded();
  try {
    const { generateOutside } = await import("../../../scripts/generate/outside.js");
    const states = await generateOutside({ spec, out, name, rules: fileURLToPath(packageFolder()) });
    for (const [path, state] of states) print(`${state.padEnd(9)}  ${path}`);
    return exitCodes.done;
  } catch (error) {
    throw explained(error);
  }
}

/** What can be expected to go wrong, in words for people. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  if (name === "DocumentError") return new CommandError(`${message}. Nothing was written.`, { cause: error });
  if (name === "WriteError") return new CommandError(`${message}.`, { cause: error });
  return error;
}

/** @throws CommandError where a package is not there, or in another line */
function checkNeeded(): void {
  const found = Object.entries(NEEDED).map(([name, line]) => ({ name, line, version: installedVersion(name) }));
  const unfit = found.filter(({ line, version }) => !`${version ?? ""}.`.startsWith(`${line}.`));
  if (unfit.length === 0) return;
  const others = unfit.flatMap(({ name, version }) => (version === undefined ? [] : `${name} is there as ${version}`));
  throw new CommandError(
    `generate needs packages that are not installed beside keysmith${others.length > 0 ? ` (${others.join(", ")})` : ""}: ` +
      `npm install --save-dev ${unfit.map(({ name, line }) => `${name}@${line}`).join(" ")}`,
  );
}
