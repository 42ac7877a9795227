/** Types, table and client of a spec that is not keysmith's own. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError, UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import type { Options } from "../options.js";
import { packageFolder, peers } from "../package-files.js";
import { print } from "../show/output.js";

/** Of the package's optional peers, those without which no spec is rendered. */
const NEEDED = ["@redocly/openapi-core", "openapi-typescript", "prettier", "typescript"];

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
  const code = "code" in error ? error.code : undefined;
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  if (!isMissing || !NEEDED.some((peer) => message.includes(`'${peer}`))) return error;
  const install = NEEDED.map((peer) => `"${peer}@${peers()[peer] ?? "latest"}"`).join(" ");
  return new CommandError(
    `generate needs packages that are not installed beside keysmith: npm install --save-dev ${install}`,
    { cause: error },
  );
}
