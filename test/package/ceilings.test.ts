/** What `npm run bench` measures and no machine changes, held at what it was last. Lower a ceiling when you get below it. */
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { KEYSMITH, peers } from "../bench/peers.js";

/** Bytes. The zlibs of versions of Node differ by a few. */
const BUNDLE_CEILING = 14_080;

/** To the next ten. The target is less than the same calls take with openapi-fetch alone: 21,972. */
const INSTANTIATIONS_CEILING = 230;

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

describe("what a user pays for keysmith", () => {
  it("is a bundle of OpenRouter's six operations no larger than its ceiling, minified and gzipped", async () => {
    const program = peers.find(({ name }) => name === KEYSMITH)?.program;
    if (program === undefined) throw new Error("The benchmark has lost keysmith's own program.");
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: path(".") },
      alias: { [KEYSMITH]: path("generated/openrouter/index.ts") },
      bundle: true,
      format: "esm",
      minify: true,
      platform: "browser",
      write: false,
    });
    const sizes = outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
    expect(sizes).toHaveLength(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(BUNDLE_CEILING);
  });

  it("is no more type instantiations for calls of all operations than their ceiling", () => {
    const files = ["keysmith.ts", "openapi-fetch.ts"].map((file) => path(`test/bench/consumers/${file}`));
    const program = ts.createProgram(files, {
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      module: ts.ModuleKind.NodeNext,
      noEmit: true,
      skipLibCheck: true,
      strict: true,
      target: ts.ScriptTarget.ES2022,
      types: [],
    });
    // Only these files are checked, one after the other; what is behind them is read as far as they need it.
    const [keysmith = NaN, both = NaN] = files.map((file) => {
      const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(file));
      expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
      return program.getInstantiationCount();
    });
    expect(keysmith).toBeLessThanOrEqual(INSTANTIATIONS_CEILING);
    expect(keysmith).toBeLessThan(both - keysmith);
  });
});
