import { formatted } from "../../scripts/render/format.js";

/** What became of a cell. */
export interface Row {
  what: string;
  version: string;
  result: "passes" | "fails" | "skipped";
  /** Of one that did not pass. */
  problem?: string | undefined;
}

export function table(rows: Row[]): string {
  const texts = [
    ["what", "version", "result"],
    ...rows.map(({ what, version, result, problem }) => [
      what,
      version,
      result === "skipped" ? `skipped: ${problem ?? ""}` : result,
    ]),
  ];
  const [first = 0, second = 0] = [0, 1].map((column) => Math.max(...texts.map((cells) => cells[column]?.length ?? 0)));
  return texts
    .map(([what = "", version = "", result = ""]) => `${what.padEnd(first)}  ${version.padEnd(second)}  ${result}`)
    .join("\n");
}

/** The same for the documentation. Formatted as the repository's lint wants it. */
export function page(rows: Row[]): Promise<string> {
  return formatted(
    `# Compatibility

What each version of keysmith is tried with before it is released. \`npm run test:compat\` packs the package, publishes it
to a registry server on loopback, installs it from there into new projects, and uses it there. It writes this page when
all of it passes.

| what | version | result |
| --- | --- | --- |
${rows.map(({ what, version, result }) => `| ${what} | ${version} | ${result} |`).join("\n")}

- **Runtimes**: a key of each provider is created, listed, changed where the provider lets it be, and revoked, against the
  sandbox on loopback. A timeout and an abort end a call at once, a redirect is refused, errors have their kinds, and no
  log shows the plaintext of a secret. Node.js also requires the package from CommonJS. Bun and Deno install it with their
  own clients; Deno runs it without permission to read the environment. Workers get it as one bundled module; Chromium
  imports it as it is, through an import map, and what its console shows is looked at, too.
- **Compilers**: the type tests with \`strict\`, \`exactOptionalPropertyTypes\` and \`noUncheckedIndexedAccess\`, without
  \`skipLibCheck\`, for \`nodenext\` and for \`bundler\`, in a project that holds this package and TypeScript; and
  \`keysmith/types\` with \`"lib": ["es2022"]\` and \`"types": []\`.
- **Bundlers**: an application that uses one provider is bundled, minified and run. Errors keep their names, and nothing
  of the other providers or of the sandbox is in the bundle.
- **Test runners**: the test of [the guide](guide/testing.md#jest) passes, also where a browser is simulated.
`,
    "md",
  );
}
