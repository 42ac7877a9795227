/** The TypeScript in Markdown: each block is a module of its own, which has to compile and to run. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { entriesOf } from "../../scripts/build/bundle.js";
import { Program } from "../helpers/processes.js";

export interface Snippet {
  /** Where its fence is, such as `README.md:12`. */
  place: string;
  /** The module, its lines as far down as they are in the Markdown, so that what is said of a line holds there. */
  code: string;
  /** Not where `<!-- snippet: no-run -->` stands before it. */
  runs: boolean;
}

export function snippetsOf(file: string, markdown: string): Snippet[] {
  const lines = markdown.split("\n");
  return lines.flatMap((line, start) => {
    const indent = /^( *)```ts\b/.exec(line)?.[1];
    if (indent === undefined) return [];
    const end = lines.indexOf(`${indent}\`\`\``, start);
    if (end < 0) throw new Error(`${file}:${start + 1}: the block has no end`);
    const before = lines.slice(0, start).filter((line) => line.trim() !== "");
    const code = [...lines.slice(0, start + 1).map(() => ""), ...lines.slice(start + 1, end), ""].join("\n");
    return [{ place: `${file}:${start + 1}`, code, runs: before.at(-1)?.trim() !== "<!-- snippet: no-run -->" }];
  });
}

/** Snippets as modules in a folder that is gone after `remove()`. */
export async function writeSnippets(root: string, snippets: readonly Snippet[]) {
  // Within node_modules, so that what they import is found. No package.json applies there: hence .mts.
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "snippets-"));
  const fileOf = ({ place }: Snippet): string => join(folder, `${place.replace(/[^\w.]/g, "-")}.mts`);
  const places = new Map(snippets.map((snippet) => [fileOf(snippet), snippet.place.replace(/:\d+$/, "")]));
  await Promise.all(snippets.map((snippet) => writeFile(fileOf(snippet), snippet.code)));

  const { library } = await entriesOf(root);
  const sources = Array.from(library, ([path, source]) => [`keysmith${path.slice(1)}`, join(root, source)] as const);
  const tsconfig = join(folder, "tsconfig.json");
  const compilerOptions = {
    paths: Object.fromEntries(sources.map(([name, source]) => [name, [source]])),
    incremental: false,
    tsBuildInfoFile: null,
    // What a snippet names without using it is for its reader.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const files = [...places.keys()];
  await writeFile(
    tsconfig,
    JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, files, include: [] }),
  );

  let built: Promise<unknown> | undefined;

  return {
    /** What the compiler says of them, each with file and line of the Markdown. */
    async typeErrors(): Promise<string[]> {
      const compiler = join(root, "node_modules/typescript-7/bin/tsc");
      const compiling = new Program(process.execPath, [compiler, "-p", tsconfig, "--pretty", "false"], { cwd: folder });
      const { stdout } = await compiling.ended;
      const said = stdout.matchAll(/^(?:(\S.*)\((\d+),\d+\): )?error TS\d+: (.*(?:\n .*)*)/gm);
      return Array.from(said, ([, file, line, says = ""]) => {
        return file === undefined ? says : `${places.get(join(folder, file)) ?? file}:${line}: ${says}`;
      });
    },

    /** Runs one in a process of its own. @throws what it printed, with lines of the Markdown, where it fails. */
    async run(snippet: Snippet, env: Record<string, string>): Promise<void> {
      // Together, since each alone would bundle all of keysmith.
      await (built ??= build({
        entryPoints: files,
        outdir: folder,
        outExtension: { ".js": ".mjs" },
        alias: Object.fromEntries(sources),
        bundle: true,
        splitting: true,
        packages: "external",
        platform: "node",
        target: "node20",
        format: "esm",
        sourcemap: "inline",
        logLevel: "silent",
        banner: { js: loopbackOnly },
      }));
      const program = fileOf(snippet).replace(/\.mts$/, ".mjs");
      const running = new Program(process.execPath, ["--enable-source-maps", program], {
        env: { ...process.env, ...env },
      });
      if ((await running.ended).code === 0) return;
      const shown = [...places].reduce((text, [file, place]) => text.replaceAll(file, place), running.output);
      throw new Error(`${snippet.place} fails:\n${shown}`);
    },

    remove: () => rm(folder, { recursive: true }),
  };
}

/** A name that is looked up leads elsewhere. */
const loopbackOnly = `
import dns from "node:dns";
dns.lookup = (host, options, done) => done(new Error("a snippet may not reach " + host));
`;
