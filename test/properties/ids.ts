/** Promise 5: every id reaches the server as it was given, or is refused before anything is sent. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import fc from "fast-check";
import { expect } from "vitest";
import { BadRequestError, cloudflare, cockroach, estuary, openrouter, type ClientOptions } from "../../src/index.js";
import { listen } from "../helpers/loopback.js";
import { property, type Topic } from "./property.js";
import { anyText, isWellFormed, NASTY } from "./texts.js";

/** A server of all three, which notes the targets that name a key. */
class Server {
  targets: string[] = [];
  /** What Estuary's list holds, where a revocation looks. */
  listed: string[] = [];

  answer(method: string, target: string): string {
    if (target === "/user/api-keys") return JSON.stringify(this.listed.map((tokenHash) => ({ token: "", tokenHash })));
    this.targets.push(target);
    if (method === "DELETE") this.listed = [];
    // An answer about another key than was asked for would be refused.
    const id = decodeURIComponent(target.split("/").at(-1) ?? "");
    return JSON.stringify({
      id,
      deleted: true,
      data: { hash: id },
      success: true,
      errors: [],
      messages: [],
      result: { id },
    });
  }
}

const connected = (options: ClientOptions) => ({
  estuary: estuary(options),
  openrouter: openrouter(options),
  cockroach: cockroach(options),
  cloudflare: cloudflare({ ...options, account: null }),
});
type Clients = ReturnType<typeof connected>;

interface Operation {
  name: string;
  /** What stands before the id. */
  prefix: string;
  call: (clients: Clients, id: string) => Promise<unknown>;
}

const COCKROACH = "/api/v1/api-keys/";
const operations: Operation[] = [
  { name: "openrouter get", prefix: "/keys/", call: ({ openrouter }, id) => openrouter.get(id) },
  {
    name: "openrouter update",
    prefix: "/keys/",
    call: ({ openrouter }, id) => openrouter.update(id, { disabled: true }),
  },
  { name: "openrouter revoke", prefix: "/keys/", call: ({ openrouter }, id) => openrouter.revoke(id) },
  { name: "cockroach get", prefix: COCKROACH, call: ({ cockroach }, id) => cockroach.get(id) },
  { name: "cockroach update", prefix: COCKROACH, call: ({ cockroach }, id) => cockroach.update(id, { name: "b" }) },
  { name: "cockroach revoke", prefix: COCKROACH, call: ({ cockroach }, id) => cockroach.revoke(id) },
  { name: "cloudflare get", prefix: "/user/tokens/", call: ({ cloudflare }, id) => cloudflare.get(id) },
  { name: "cloudflare revoke", prefix: "/user/tokens/", call: ({ cloudflare }, id) => cloudflare.revoke(id) },
  { name: "estuary revoke", prefix: "/user/api-keys/", call: ({ estuary }, id) => estuary.revoke(id) },
  {
    name: "estuary revoke, not confirmed",
    prefix: "/user/api-keys/",
    call: ({ estuary }, id) => estuary.revoke(id, { confirm: false }),
  },
];

async function holds({ name, prefix, call }: Operation, id: string, clients: Clients, server: Server): Promise<void> {
  // A token is no id: it is hashed, and never stands in a URL.
  const isToken = name.startsWith("estuary") && /^EST.+ARY$/.test(id);
  const sent = isToken ? createHash("sha256").update(id).digest("base64url") : id;
  server.targets = [];
  server.listed = [sent];
  if (id === "" || id === "." || id === ".." || !isWellFormed(id)) {
    await expect(call(clients, id)).rejects.toBeInstanceOf(BadRequestError);
    expect(server.targets).toEqual([]);
    return;
  }
  await call(clients, id);
  const [target = ""] = server.targets;
  expect(server.targets).toHaveLength(1);
  expect(target.slice(0, prefix.length)).toBe(prefix);
  const segment = target.slice(prefix.length);
  expect(segment).not.toMatch(/[/?#]/);
  expect(decodeURIComponent(segment)).toBe(sent);
}

const ids = fc.oneof(
  { weight: 9, arbitrary: anyText },
  { weight: 1, arbitrary: anyText.map((text) => `EST${text}ARY`) },
  { weight: 1, arbitrary: fc.uuid().map((uuid) => `EST${uuid}ARY`) },
);
const uses = fc.record({ operation: fc.constantFrom(...operations.map(({ name }) => name)), id: ids });

/** Each of the ids with one of the operations. */
const examples = NASTY.map((id, at) => ({ operation: operations[at % operations.length]?.name ?? "", id }));

const apiKey = "not-a-real-key";

function reaching(
  title: string,
  reach: () => Promise<{ clients: Clients; server: Server; end: () => Promise<unknown> }>,
) {
  let clients: Clients;
  let server: Server;
  return property(
    title,
    uses,
    ({ operation, id }) => {
      const used = operations.find(({ name }) => name === operation);
      if (!used) throw new Error(`there is no ${operation}`);
      return holds(used, id, clients, server);
    },
    {
      examples,
      kinds: operations.length,
      share: async () => {
        const reached = await reach();
        ({ clients, server } = reached);
        return reached.end;
      },
    },
  );
}

export const idTopic: Topic = {
  topic: "an id reaches the server as it was given, or is refused before it is sent:",
  properties: [
    reaching("by what a given `fetch` is asked for", () => {
      const server = new Server();
      const clients = connected({
        apiKey,
        baseUrl: "https://keys.example",
        // What a runtime makes of a URL before it sends it: dots, backslashes and line breaks mean something there.
        fetch: (url, { method = "" }) => {
          const { pathname, search } = new URL(url);
          return Promise.resolve(new Response(server.answer(method, pathname + search)));
        },
      });
      return Promise.resolve({ clients, server, end: () => Promise.resolve() });
    }),
    reaching("by what a server on loopback reads", async () => {
      const server = new Server();
      const http = createServer({ maxHeaderSize: 1_000_000 }, ({ method = "", url = "" }, response) => {
        response.end(server.answer(method, url));
      });
      const { url, close } = await listen(http);
      return { clients: connected({ apiKey, baseUrl: url }), server, end: close };
    }),
  ],
};
