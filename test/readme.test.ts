import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { serveSandbox } from "../src/cli/serve-sandbox.js";
import { createSandbox } from "./conformance/sandbox.js";
import { snippetsOf, writeSnippets, type Snippet } from "./conformance/snippets.js";

const root = process.cwd();
const guides = existsSync("docs/guide") ? await readdir("docs/guide", { recursive: true }) : [];
const files = ["README.md", ...guides.filter((file) => file.endsWith(".md")).map((file) => join("docs/guide", file))];
const snippets = files.flatMap((file) => snippetsOf(file, readFileSync(file, "utf8")));

const [fine, broken, afar, still] = snippetsOf(
  "EXAMPLE.md",
  `
# Example

\`\`\`ts
import { openrouter } from "keysmith/openrouter";

const { label } = await openrouter().current();
if (label !== "sk-or-v1-000...0000") throw new Error(\`It is called \${label}.\`);
\`\`\`

1. In a list:

   \`\`\`ts
   import { estuary } from "keysmith";

   await estuary().get("some-hash");
   \`\`\`

\`\`\`ts
await fetch("https://elsewhere.example");
\`\`\`

<!-- snippet: no-run -->

\`\`\`ts
await new Promise(() => undefined);
\`\`\`

\`\`\`sh
exit 1
\`\`\`
`,
);
if (!fine || !broken || !afar || !still) throw new Error("there are four examples");

const modules = await writeSnippets(root, [...snippets, fine, broken, afar, still]);
afterAll(modules.remove);

async function run(snippet: Snippet): Promise<void> {
  const sandbox = createSandbox();
  const served = await serveSandbox({ sandbox });
  onTestFinished(() => served.close());
  await modules.run(snippet, {
    ESTUARY_BASE_URL: `${served.url}/estuary`,
    ESTUARY_API_KEY: sandbox.credentials.estuary,
    OPENROUTER_BASE_URL: `${served.url}/openrouter/api/v1`,
    OPENROUTER_MANAGEMENT_KEY: sandbox.credentials.openrouter,
    COCKROACH_BASE_URL: `${served.url}/cockroach`,
    COCKROACH_API_KEY: sandbox.credentials.cockroach,
    OPENAI_BASE_URL: `${served.url}/openai/v1`,
    OPENAI_ADMIN_KEY: sandbox.credentials.openai,
    OPENAI_PROJECT_ID: sandbox.openaiProjects.main,
    CLOUDFLARE_BASE_URL: `${served.url}/cloudflare/client/v4`,
    CLOUDFLARE_API_TOKEN: sandbox.credentials.cloudflare,
  });
}

it("every snippet compiles, and of one that does not it is said where and why", async () => {
  expect(await modules.typeErrors()).toEqual(["EXAMPLE.md:16: Property 'get' does not exist on type 'EstuaryKeys'."]);
});

it.each(snippets.filter(({ runs }) => runs))("$place runs", run);

it("a snippet is known by its line, and runs unless said otherwise", () => {
  expect([fine, broken, afar, still].map(({ place, runs }) => ({ place, runs }))).toEqual([
    { place: "EXAMPLE.md:4", runs: true },
    { place: "EXAMPLE.md:13", runs: true },
    { place: "EXAMPLE.md:19", runs: true },
    { place: "EXAMPLE.md:25", runs: false },
  ]);
});

it("a snippet that throws fails, and it is said where", async () => {
  await run(fine);
  await expect(run(broken)).rejects.toThrow(/EXAMPLE\.md:13 fails:[^]*TypeError[^]*EXAMPLE\.md:16/);
  await expect(run(afar)).rejects.toThrow(/EXAMPLE\.md:20[^]*a snippet may not reach elsewhere\.example/);
});
