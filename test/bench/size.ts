import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { atMost, below, times, type Benchmark, type Row } from "./benchmark.js";
import { KEYSMITH, peerPrograms, REDOCLY, SDK } from "./peers.js";

const bytes = (value: number): string => `${value.toLocaleString("en")} B`;

export const size: Benchmark = {
  name: "size",
  how:
    "A module that uses the six operations of OpenRouter, bundled by esbuild for browsers as one minified ES module, in " +
    "bytes after gzip at level 9. The peers do the same six operations, `@openrouter/sdk` through its standalone functions, " +
    "its smallest way. A bundle of keysmith holds openapi-fetch where a raw client is made. What keysmith's bytes buy, which " +
    "the smaller ones do not promise, stands under [promises](guide/promises.md#what-the-bytes-buy).",
  tried:
    "[promises](guide/promises.md#what-the-bytes-buy) has what each of them takes: the peers that are smaller keep none of them. " +
    "Tried: openapi-fetch only where it is asked for, tables of what the spec says without what only a sandbox needs, errors " +
    "whose words are made in one place.",
  measure: async (workplace) => {
    const sizes = new Map<string, number>();
    const programs = await peerPrograms(workplace);
    for (const [name, file] of programs) sizes.set(name, await sizeOf(file));
    const raw = `export * from ${JSON.stringify(programs.get(KEYSMITH))}; export { createClient } from "${KEYSMITH}";`;
    const withRawClient = await sizeOf(await workplace.write({ "raw.js": raw }));
    const keysmith = sizes.get(KEYSMITH) ?? NaN;
    const others = [...sizes].filter(([name]) => name !== KEYSMITH);
    return [
      below(`${KEYSMITH}, to ${REDOCLY}`, keysmith, sizes.get(REDOCLY) ?? NaN, bytes),
      atMost(`to ${SDK}`, keysmith / (sizes.get(SDK) ?? NaN), 1 / 5, times),
      { what: `${KEYSMITH}, with its raw client`, figure: bytes(withRawClient) },
      ...others.map(([what, size]): Row => ({ what, figure: bytes(size) })),
    ];
  },
};

async function sizeOf(file: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: "esm",
    minify: true,
    platform: "browser",
    write: false,
  });
  const [output] = outputFiles;
  return gzipSync(output?.contents ?? "", { level: 9 }).length;
}
