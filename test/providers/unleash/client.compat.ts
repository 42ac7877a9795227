/** Unleash's own client against the sandbox, as it is served. Its administration has no client but the server's own pages. */
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { serveSandbox } from "../../../src/cli/serve-sandbox.js";
import { rotate, unleash } from "../../../src/index.js";
import { run } from "../../helpers/processes.js";
import { frozen, MINUTE } from "../../sandbox/calls.js";

const folder = fileURLToPath(new URL("client/", import.meta.url));

/** As much of the client as is used here. */
interface Client {
  initialize: (options: object) => EventEmitter & { destroy: () => void; isEnabled: (name: string) => boolean };
  InMemStorageProvider: new () => object;
}

beforeAll(() => run("npm", ["ci", "--ignore-scripts"], { cwd: folder, env: process.env }));

async function connected() {
  const { clock, sandbox } = frozen();
  const served = await serveSandbox({ sandbox });
  onTestFinished(() => served.close());
  const { initialize, InMemStorageProvider } = createRequire(folder)("unleash-client") as Client;
  /** An application that asks with what `token` gives at each moment. */
  const application = (token: () => string) => {
    const client = initialize({
      url: `${served.url}/unleash/api`,
      appName: "checkout",
      refreshInterval: 20,
      customHeadersFunction: () => Promise.resolve({ Authorization: token() }),
      storageProvider: new InMemStorageProvider(),
      skipInstanceCountWarning: true,
    });
    onTestFinished(() => client.destroy());
    const told = (event: string) => new Promise<unknown>((resolve) => client.once(event, resolve));
    return { client, told, refused: told("error") };
  };
  const keys = unleash({ apiKey: sandbox.credentials.unleash, baseUrl: `${served.url}/unleash` });
  return { clock, sandbox, application, keys };
}

it("registers and fetches features with a client token, and goes on with the one that it is rotated to", async () => {
  const { clock, sandbox, application, keys } = await connected();
  const { id, secret } = await keys.create({ name: "checkout", type: "client" });
  let stored = secret.reveal();
  const { client, told, refused } = application(() => stored);
  await Promise.all([told("registered"), told("synchronized")]);
  expect(client.isEnabled("unknown")).toBe(false);
  await rotate(keys, id, { store: (next) => void (stored = next.reveal()), read: () => stored });
  clock.ms += MINUTE;
  const reached = sandbox.requests.length;
  const again = () => sandbox.requests.slice(reached).filter(({ status }) => status === 200).length > 1;
  await expect.poll(() => Promise.race([refused, Promise.resolve(again())]), { timeout: MINUTE }).toBe(true);
});

it.each([
  { given: "is for browsers", status: 403, type: "frontend" as const },
  { given: "was revoked", status: 401, type: "client" as const },
])("is refused where the token $given", async ({ status, type }) => {
  const { clock, application, keys } = await connected();
  const { id, secret } = await keys.create({ name: "checkout", type });
  if (status === 401) await keys.revoke(id);
  clock.ms += MINUTE;
  const { refused } = application(() => secret.reveal());
  expect(String(await refused)).toContain(`responded ${status}`);
});
