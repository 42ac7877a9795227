/**
 * `npm run api [-- --check]`: the package's public surface, every export of each entry with its signature, into
 * `etc/api/`. Reads what `npm run build` made. With `--check` nothing is written, and a difference is a failure.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { entriesOf } from "./build/bundle.js";
import { writeAtomically } from "./generate/generated.js";
import { projectRoot } from "./project/project.js";

const root = projectRoot();
const { values: options } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const folder = join(root, "etc/api");

const reports = await reportsOf((await entriesOf(root)).library);
const found = await readdir(folder).catch(() => []);
const changed: string[] = [];
for (const name of new Set([...found, ...reports.keys()])) {
  const text = reports.get(name);
  if (text === (await readFile(join(folder, name), "utf8").catch(() => undefined))) continue;
  changed.push(`etc/api/${name}`);
  if (options.check) continue;
  if (text === undefined) await rm(join(folder, name));
  else await writeAtomically(join(folder, name), text);
}
for (const file of changed) console.log(`changed  ${file}`);
if (options.check && changed.length > 0) {
  console.error("The public surface has changed. Run `npm run api`, and read and commit what it writes.");
  process.exitCode = 1;
}

async function reportsOf(entries: Map<string, string>): Promise<Map<string, string>> {
  const temporary = await mkdtemp(join(tmpdir(), "keysmith-api-"));
  try {
    const declarations = [...entries.values()].map((source) => join(root, "dist", source.replace(/\.ts$/, ".d.ts")));
    const reports = new Map<string, string>();
    let compilerState: CompilerState | undefined;
    for (const [at, subpath] of [...entries.keys()].entries()) {
      const name = `${subpath.replace(/^\.\/?/, "").replaceAll("/", "-") || "index"}.api.md`;
      const config = configOf(name, declarations[at] ?? "", temporary);
      // One program for all of them: most of what takes time is reading the declarations.
      compilerState ??= CompilerState.create(config, { additionalEntryPoints: declarations });
      Extractor.invoke(config, {
        compilerState,
        localBuild: true,
        messageCallback: (message) => {
          if (message.logLevel === ExtractorLogLevel.Error) throw new Error(message.text);
          message.handled = true;
        },
      });
      reports.set(name, signaturesAlone(await readFile(join(temporary, name), "utf8")));
    }
    return reports;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** Without the prose that API Extractor leaves inside nested types, and without line numbers. */
function signaturesAlone(report: string): string {
  return report.replace(/ ?\/\*\*.*?\*\//gs, "").replace(/(\.d\.ts):\d+:\d+/g, "$1");
}

function configOf(reportFileName: string, declarations: string, folder: string): ExtractorConfig {
  const silent = { logLevel: ExtractorLogLevel.None };
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations,
      compiler: {
        overrideTsconfig: { extends: join(root, "tsconfig.build.json"), include: [], files: [declarations] },
      },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder: folder,
        reportTempFolder: join(folder, "temporary"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: silent,
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: silent },
      },
    },
  });
}
