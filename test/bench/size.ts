import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { atMost, times, type Benchmark, type Row } from "./benchmark.js";
import { KEYSMITH, peerPrograms, SDK } from "./peers.js";

const bytes = (value: number): string => `${value.toLocaleString("en")} B`;

export const size: Benchmark = {
  name: "size",
  how:
    "A module that uses the six operations of OpenRouter, bundled by esbuild for browsers as one minified ES module, in " +
    "bytes after gzip at level 9. The peers do the same six operations. _openapi-fetch alone_ is a module that does nothing " +
    "but hand on its default export; a bundle of keysmith holds it where a raw client is made. `@openrouter/sdk` is used " +
    "through its standalone functions, its smallest way.",
  measure: async (workplace) => {
    const sizes = new Map<string, number>();
    const programs = await peerPrograms(workplace);
    for (const [name, file] of programs) sizes.set(name, await sizeOf(file));
    const raw = `export * from ${JSON.stringify(programs.get(KEYSMITH))}; export { createClient } from "${KEYSMITH}";`;
    const withRawClient = await sizeOf(await workplace.write({ "raw.js": raw }));
    const alone = await workplace.write({ "alone.js": 'export { default } from "openapi-fetch";' });
    const openapiFetch = await sizeOf(alone);
    const keysmith = sizes.get(KEYSMITH) ?? NaN;
    const others = [...sizes].filter(([name]) => name !== KEYSMITH);
    return [
      atMost(KEYSMITH, keysmith, 7_000, bytes),
      atMost(`beyond openapi-fetch alone (${bytes(openapiFetch)})`, keysmith - openapiFetch, 4_400, bytes),
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
