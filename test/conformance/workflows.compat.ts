import { readdirSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { redocly } from "../../scripts/redocly/cli.js";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { names } from "../helpers/providers.js";
import { createSandbox } from "./sandbox.js";

const workflows = readdirSync("spec/workflows").map((file) => `spec/workflows/${file}`);
const plaintext = /EST[0-9a-f-]{36}ARY|sk-or-v1-[0-9a-f]{64}|CCDB1_\w{22}_\w{40}|sk-(admin-)?\w{48}|cf[au]t_\w{48}/;

/** Runs all workflows against a served sandbox, and gives what `redocly respect` prints of it. */
async function respect(sandbox: Sandbox) {
  const served = await serveSandbox({ sandbox });
  onTestFinished(() => served.close());
  const inputs = {
    ESTUARY_API_KEY: sandbox.credentials.estuary,
    OPENROUTER_MANAGEMENT_KEY: sandbox.credentials.openrouter,
    COCKROACH_API_KEY: sandbox.credentials.cockroach,
    CLOUDFLARE_API_TOKEN: sandbox.credentials.cloudflare,
    COCKROACH_SERVICE_ACCOUNT_ID: sandbox.serviceAccounts.orgAdmin,
    OPENAI_ADMIN_KEY: sandbox.credentials.openai,
    OPENAI_PROJECT_ID: sandbox.openaiProjects.main,
    UNLEASH_API_TOKEN: sandbox.credentials.unleash,
  };
  vi.stubEnv("REDOCLY_CLI_RESPECT_INPUT", JSON.stringify(inputs));
  const servers = [
    `estuary=${served.url}/estuary`,
    `openrouter=${served.url}/openrouter/api/v1`,
    `cockroach=${served.url}/cockroach`,
    `openai=${served.url}/openai/v1`,
    `openaiproject=${served.url}/openaiproject/v1`,
    `cloudflare=${served.url}/cloudflare/client/v4`,
    `unleash=${served.url}/unleash`,
  ].flatMap((server) => ["--server", server]);
  const { code, stdout, stderr } = await redocly(process.cwd(), ["respect", "--verbose", ...workflows, ...servers]);
  const output = stripVTControlCharacters(stdout + stderr);
  const lines = output.split("\n").map((line) => line.trim());
  return { code, output, failed: lines.filter((line) => line.startsWith("✗")) };
}

it("the life of a key at each provider passes, and shows no plaintext", async () => {
  const sandbox = createSandbox();
  const { code, output, failed } = await respect(sandbox);
  expect({ code, failed }, output).toEqual({ code: 0, failed: [] });
  expect(output).toMatch(/Workflows: 1 passed, 1 total/);
  expect(output).not.toMatch(plaintext);

  // Every operation of a key's life was asked for, by every provider that has it, and nothing is left.
  const asked = new Set(sandbox.requests.map(({ provider, operation = "" }) => `${provider}.${operation}`));
  expect([...asked].sort()).toEqual([
    "cloudflare.createApiKey",
    "cloudflare.deleteApiKey",
    "cloudflare.getApiKey",
    "cloudflare.listApiKeys",
    "cloudflare.rollApiKey",
    "cloudflare.updateApiKey",
    "cloudflare.verifyApiKey",
    "cockroach.createApiKey",
    "cockroach.deleteApiKey",
    "cockroach.getApiKey",
    "cockroach.listApiKeys",
    "cockroach.updateApiKey",
    "estuary.createApiKey",
    "estuary.deleteApiKey",
    "estuary.getUserStats",
    "estuary.listApiKeys",
    "openai.createApiKey",
    "openai.deleteApiKey",
    "openai.getApiKey",
    "openai.listApiKeys",
    "openaiproject.createApiKey",
    "openaiproject.createServiceAccount",
    "openaiproject.deleteApiKey",
    "openaiproject.getApiKey",
    "openaiproject.listApiKeys",
    "openaiproject.updateApiKey",
    "openrouter.createApiKey",
    "openrouter.deleteApiKey",
    "openrouter.getApiKey",
    "openrouter.getCurrentApiKey",
    "openrouter.listApiKeys",
    "openrouter.updateApiKey",
    "unleash.createApiKey",
    "unleash.deleteApiKey",
    "unleash.listApiKeys",
    "unleash.updateApiKey",
  ]);
  for (const provider of names) {
    expect(sandbox.keys(provider)).toHaveLength(1);
  }
});

it("a server that differs fails the step that sees it", async () => {
  const sandbox = createSandbox({ faults: [{ operation: "cockroach.updateApiKey", kind: "status", status: 500 }] });
  const broken: Sandbox["fetch"] = async (input, init) => {
    const request = new Request(input, init);
    // Estuary says that it has revoked the key, and keeps it.
    if (request.method === "DELETE" && request.url.includes("/estuary/")) return new Response(null);
    const response = await sandbox.fetch(request);
    // OpenRouter calls a field otherwise when a key reads itself.
    if (!request.url.endsWith("/key")) return response;
    return new Response((await response.text()).replace('"usage":', '"spent":'), response);
  };
  const { code, output, failed } = await respect({ ...sandbox, fetch: broken });
  expect(code, output).toBe(1);
  const steps = failed.flatMap((line) => / - step (\S+)$/.exec(line)?.slice(1) ?? []);
  expect(steps).toEqual(["rename", "see-it-gone", "use"]);
  expect(failed).toContain("✗ schema check");
  expect(output).not.toMatch(plaintext);
});
