import { createServer } from "node:http";
import { listen } from "../helpers/loopback.js";
import { run } from "../helpers/processes.js";
import { atMost, type Benchmark, type Row } from "./benchmark.js";
import { SDK } from "./peers.js";
import type { Workplace } from "./workplace.js";

const FAILURES = 2;

/** Modules that create one key at the URL that they are given. What they make of the answers is not asked. */
const providers = [
  {
    provider: "openai",
    client: "openai",
    ours: `
      import { openai } from "keysmith/openai";
      await openai({ apiKey: "a", baseUrl: process.argv[2] }).create({ name: "ci" }).catch(() => undefined);`,
    theirs: `
      import OpenAI from "openai";
      const client = new OpenAI({ apiKey: "a", adminAPIKey: "a", baseURL: process.argv[2] });
      await client.admin.organization.adminAPIKeys.create({ name: "ci" }).catch(() => undefined);`,
  },
  {
    provider: "cloudflare",
    client: "cloudflare",
    ours: `
      import { cloudflare } from "keysmith/cloudflare";
      await cloudflare({ apiKey: "a", baseUrl: process.argv[2] }).create({ name: "ci", policies: [] }).catch(() => undefined);`,
    theirs: `
      import Cloudflare from "cloudflare";
      await new Cloudflare({ apiToken: "a", baseURL: process.argv[2] }).user.tokens.create({ name: "ci", policies: [] }).catch(() => undefined);`,
  },
  {
    provider: "openrouter",
    client: SDK,
    ours: `
      import { openrouter } from "keysmith/openrouter";
      await openrouter({ apiKey: "a", baseUrl: process.argv[2] }).create({ name: "ci" }).catch(() => undefined);`,
    theirs: `
      import { OpenRouter } from "${SDK}";
      await new OpenRouter({ apiKey: "a", serverURL: process.argv[2] }).apiKeys.create({ requestBody: { name: "ci" } }).catch(() => undefined);`,
  },
];

export const creates: Benchmark = {
  name: "creates",
  how:
    `The requests that create a key, where a server on loopback answers ${FAILURES} of them with 500 and then with a success, one call ` +
    "each, by the defaults of each client. What answers 500 may have made the key all the same, so each of them may be a key " +
    "that nobody knows of. keysmith sends one, and throws an error that says that nobody knows.",
  measure: async (workplace) => {
    const rows: Row[] = [];
    for (const { provider, client, ours, theirs } of providers) {
      rows.push(atMost(`${provider}, by keysmith`, await sentBy(workplace, ours), 1, String));
      rows.push({ what: `${provider}, by ${client}`, figure: String(await sentBy(workplace, theirs)) });
    }
    return rows;
  },
};

async function sentBy({ folder, write }: Workplace, program: string): Promise<number> {
  let sent = 0;
  const server = createServer((request, response) => {
    if (request.method === "POST") sent++;
    request.resume().on("end", () => {
      response.writeHead(sent > FAILURES ? 200 : 500, { "content-type": "application/json" }).end("{}");
    });
  });
  const { url, close } = await listen(server);
  try {
    await run(process.execPath, [await write({ "create.js": program }), url], { cwd: folder });
  } finally {
    await close();
  }
  return sent;
}
