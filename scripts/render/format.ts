import { format, type FormatConfig } from "oxfmt";

/** A text as `npm run format` would leave it, and as it can be written to a file. @param kind a file's extension */
export async function formatted(
  source: string,
  kind: "ts" | "md" | "yaml" = "ts",
  own?: FormatConfig,
): Promise<string> {
  // Half a surrogate pair, as JSON and YAML can have it, would be read as another text than was written.
  const text = source.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  const { code, errors } = await format(`formatted.${kind}`, text, { printWidth: 120, ...own });
  const [error] = errors;
  if (error) throw new SyntaxError(error.message);
  return code;
}
