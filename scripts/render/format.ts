import { createRequire } from "node:module";
import type { format as Format, Plugin } from "prettier";

// Its build for browsers, which has no configuration to look for and loads in half the time. As CommonJS, like TypeScript.
const require = createRequire(import.meta.url);
const { format } = require("prettier/standalone") as { format: typeof Format };
const plugins = [require("prettier/plugins/babel"), require("prettier/plugins/estree")] as Plugin[];

/** TypeScript as `npm run format` would leave it, and as it can be written to a file. */
export async function formatted(source: string): Promise<string> {
  // babel-ts gives the same text as the typescript parser, and loads and runs in less time.
  const text = await format(source, { parser: "babel-ts", plugins, printWidth: 120 });
  // Half a surrogate pair, as JSON and YAML can have it, would be read as another text than was written.
  return text.replaceAll(/\p{Surrogate}/gu, "\ufffd");
}
