import { afterAll, expect, it, onTestFinished } from "vitest";
import { serveSandbox } from "../src/cli/serve-sandbox.js";
import { createSandbox } from "./conformance/sandbox.js";
import { writeSnippets, type Snippet } from "./conformance/snippets.js";
import { examples, snippets } from "./fixtures/snippets.js";

const modules = await writeSnippets(process.cwd(), [...snippets, ...Object.values(examples)]);
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
    UNLEASH_BASE_URL: `${served.url}/unleash`,
    UNLEASH_API_TOKEN: sandbox.credentials.unleash,
  });
}

it.each(snippets.filter(({ runs }) => runs))("$place runs", run);

it("a snippet that throws fails, and it is said where", async () => {
  await run(examples.fine);
  await expect(run(examples.broken)).rejects.toThrow(/EXAMPLE\.md:13 fails:[^]*TypeError[^]*EXAMPLE\.md:16/);
  await expect(run(examples.afar)).rejects.toThrow(/EXAMPLE\.md:20[^]*a snippet may not reach elsewhere\.example/);
});
