import type { Options } from "../options.js";
import { json } from "./output.js";

/** What a program reads of a value. */
export type Data = (value: unknown) => string;

/** The form for programs that is asked for; undefined where people are to read it. */
export async function dataForm({
  json: asJson,
  output = asJson ? "json" : "text",
}: Options): Promise<Data | undefined> {
  if (output === "yaml") return (await import("./yaml.js")).yaml;
  return output === "json" ? json : undefined;
}
