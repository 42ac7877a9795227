/**
 * Redocly's `diff`: which changes lead from one document to the other.
 *
 * It is experimental, so what it reports is checked here, and the tests of the programs name what has to be found. Tried on
 * 2.77: it finds fields, parameters, statuses, media types and enum values added and removed, types, formats, required and
 * limits changed, and parameters renamed, also several at once; it follows `$ref`s and survives their cycles.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DocumentError } from "../documents/document-error.js";
import { isObject, objectsIn } from "../render/spec.js";
import { redocly } from "./cli.js";

export type Impact = "major" | "minor" | "patch";

export interface Change {
  kind: "added" | "removed" | "modified";
  /** The kind of thing that changed, in Redocly's words: `Parameter`, `Schema`, `Response`. */
  typeName: string;
  /** JSON pointer, as a URI fragment: into the newer document, or into the older one if it is gone. */
  path: string;
  /** What of it was modified. */
  property: string | undefined;
  base: { pointer: string; value: unknown } | undefined;
  revision: { pointer: string; value: unknown } | undefined;
  impact: Impact;
  /** What the rules of `diff-recommended` say of it. */
  messages: string[];
}

/**
 * The texts are written to a folder of their own and read by the tool from there: they must not refer to anything outside.
 *
 * @param name what they are called in errors. @throws DocumentError where they cannot be compared.
 */
export async function redoclyDiff(base: string, revision: string, name: string): Promise<Change[]> {
  const folder = await mkdtemp(join(tmpdir(), "keysmith-diff-"));
  try {
    await writeFile(join(folder, "base.yaml"), base);
    await writeFile(join(folder, "revision.yaml"), revision);
    // Without this ruleset the tool rates every change as minor or patch.
    await writeFile(join(folder, "redocly.yaml"), "telemetry: off\nextends: [diff-recommended]\n");
    const { code, stdout, stderr } = await redocly(folder, [
      "diff",
      "base.yaml",
      "revision.yaml",
      "--format=json",
      "--fail-on=none",
    ]);
    if (code !== 0) throw new DocumentError(`${name}: redocly cannot compare it: ${stderr.trim() || stdout.trim()}`);
    return changesIn(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function changesIn(report: string): Change[] {
  const parsed: unknown = JSON.parse(report);
  if (!isObject(parsed) || parsed["reportVersion"] !== "1" || !Array.isArray(parsed["changes"])) {
    throw new Error("redocly diff reports in another form than the one that this program reads");
  }
  return objectsIn(parsed["changes"]).map((change) => {
    const { kind, impact, typeName, path, property } = change;
    if (
      !(kind === "added" || kind === "removed" || kind === "modified") ||
      !(impact === "major" || impact === "minor" || impact === "patch") ||
      typeof typeName !== "string" ||
      typeof path !== "string"
    ) {
      throw new Error(`redocly diff reports a change that cannot be read: ${JSON.stringify(change)}`);
    }
    return {
      kind,
      impact,
      typeName,
      path,
      property: typeof property === "string" ? property : undefined,
      base: sideOf(change["base"]),
      revision: sideOf(change["revision"]),
      messages: objectsIn(change["verdicts"]).flatMap(({ message }) => (typeof message === "string" ? message : [])),
    };
  });
}

function sideOf(side: unknown): Change["base"] {
  return isObject(side) && typeof side["pointer"] === "string"
    ? { pointer: side["pointer"], value: side["value"] }
    : undefined;
}
