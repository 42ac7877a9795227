/** What a command advises fits the command, whatever the server answers. */
import { createServer } from "node:http";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { apis } from "../../generated/apis.js";
import { flags } from "../../generated/flags.js";
import type { Api } from "../../src/api.js";
import { names, table } from "../helpers/providers.js";
import { inProcess } from "./in-process.js";
import { creating, temporaryFolder, type Environment } from "./keysmith.js";

/** A server that answers everything alike, in the words of each provider. */
async function answering(status: number, page?: string): Promise<Environment> {
  const message = "no";
  const bodies = {
    estuary: { error: { code: status, reason: "ERR_SOME", details: message } },
    openrouter: { error: { code: status, message } },
    cockroach: { code: 5, message, details: [] },
    openai: { error: { message, type: "some_error", param: null, code: null } },
    openaiproject: { error: { message, type: "some_error", param: null, code: null } },
    cloudflare: { success: false, errors: [{ code: 1000, message }], messages: [], result: null },
    unleash: { name: "SomeError", message },
  };
  const server = createServer(({ url = "" }, response) => {
    const provider = names.find((name) => url.startsWith(`/${name}`)) ?? "openrouter";
    const headers = { "content-type": "application/json", "retry-after": "0", date: new Date().toUTCString() };
    response.writeHead(status, headers).end(page ?? JSON.stringify(bodies[provider]));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return Object.fromEntries(
    names.flatMap((name) => {
      const { baseUrlEnv, credentialEnv, parents = {} }: Api = apis[name];
      return [
        [baseUrlEnv, `http://127.0.0.1:${port}/${name}`],
        [credentialEnv, "not-a-real-key"],
        ...Object.values(parents).flatMap(({ env }) => (env === undefined ? [] : [[env, "some-id"]])),
      ] as [string, string][];
    }),
  );
}

const ID = "CCDB1_aaaaaaaaaaaaaaaaaaaaaa";

/** What a method takes besides; what an update sets, by provider. */
const METHOD_ARGUMENTS: Record<string, string[]> = { get: [ID], update: [ID, "--name", "x"] };
const OWN_ARGUMENTS: Record<string, string[]> = {
  "update openaiproject": [ID, "--expires-in", "1h"],
  "update unleash": [ID, "--expires-at", "2040-01-01T00:00:00Z"],
};

/** Every command of a provider that asks it. */
function commandsOf(provider: (typeof names)[number]): string[][] {
  const { methods } = flags[provider];
  return [
    ["list", provider],
    [...creating(provider), "--out", "new"],
    ["revoke", provider, ID, "--yes"],
    ["revoke", provider, ID, "--dry-run"],
    ["rotate", provider, ID, "--out", "new", ...table[provider].flags.rotate],
    ["orphans", provider],
    ["audit", provider],
    ...methods.map((method) => [
      method,
      provider,
      ...(OWN_ARGUMENTS[`${method} ${provider}`] ?? METHOD_ARGUMENTS[method] ?? []),
    ]),
  ];
}

interface Rule {
  advice: RegExp;
  /** Whether somebody who ran the command and met the status can make use of it. */
  fits: (command: string, status: number, args: string[]) => boolean;
}

const KEYS = ["get", "update", "revoke", "rotate"];

const RULES: Rule[] = [
  { advice: /shows what is there|Check the id/, fits: (command, status) => status === 404 && KEYS.includes(command) },
  { advice: /There is no such path/, fits: (_, status) => status === 404 },
  { advice: /Read the key again/, fits: (command, status) => status === 409 && ["update", "revoke"].includes(command) },
  { advice: /Look whether the list/, fits: (command, status) => status === 409 && command === "create" },
  { advice: /Correct the input/, fits: (command) => [...KEYS, "create"].includes(command) },
  { advice: /Try again later/, fits: (_, status) => status === 409 || status >= 429 },
  { advice: /management key/, fits: (command, status) => [401, 403].includes(status) && command !== "current" },
  { advice: /Check that the credential/, fits: (_, status) => status === 401 },
  { advice: /Use a credential/, fits: (_, status) => status === 403 },
  { advice: /asks to wait/, fits: () => false },
  { advice: /candidates\(\)|`held`|`read`/, fits: () => false },
];

it.each([400, 401, 402, 403, 404, 409, 422, 429, 500, 503])(
  "what %i advises is of use to each command",
  async (status) => {
    const env = await answering(status);
    const cwd = await temporaryFolder();
    for (const provider of names) {
      for (const args of commandsOf(provider)) {
        const { code, stderr } = await inProcess(args, { env, cwd });
        const [command = ""] = args;
        const unfit = RULES.filter(({ advice, fits }) => advice.test(stderr) && !fits(command, status, args));
        expect({ args, stderr, unfit }).toEqual({
          args,
          stderr: expect.stringContaining(String(status)) as string,
          unfit: [],
        });
        expect(code).toBe(command === "create" && status >= 500 ? 4 : 1);
      }
    }
  },
);

it.each([401, 403])("of a %i that is not the API's says nothing of credentials", async (status) => {
  const env = await answering(status, "<html>Sign in</html>");
  for (const provider of names) {
    const { stderr } = await inProcess(["list", provider], { env });
    expect(stderr).toContain("This page is not the API's");
    expect(stderr).not.toMatch(/management key|permission `all`|service account/);
  }
});
