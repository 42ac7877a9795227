/** A sandbox that is served, as the command serves it, and goes wrong at random while it is told to. */
import { createHash } from "node:crypto";
import type { ListApiKeysResponse } from "../../generated/unleash/types.js";
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createSandbox, type FaultKind, type Sandbox } from "../../src/sandbox/index.js";
import { prefixOf } from "../../src/sandbox/routes.js";
import { answer, DRIVEN, THERE_BEFORE, usage, type Driven } from "./child.js";

/** Of each, as many as of any other. After a Retry-After of 0, a retry follows at once. */
const FAULTS: FaultKind[] = [
  ...[408, 429, 500, 502, 503, 504].map((status): FaultKind => ({ kind: "status", status, retryAfter: 0 })),
  { kind: "status", status: 403 },
  { kind: "lost", when: "before" },
  { kind: "lost", when: "after" },
  { kind: "truncated" },
  { kind: "garbage" },
  { kind: "html" },
  { kind: "empty" },
  { kind: "redirect", location: "https://elsewhere.example" },
];

const MAX_LOGGED = 1_000;

let faultRate = 0;
const faults: Record<string, number> = {};
/** By method, provider and status, such as `POST openrouter 201`; `none` where no answer was given. */
const answered: Record<string, number> = {};

const sandbox = createSandbox({ maxLoggedRequests: MAX_LOGGED });
const watched: Sandbox = { ...sandbox, fetch: fetchAndCount };
const { url } = await serveSandbox({ sandbox: watched });

async function fetchAndCount(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  if (Math.random() < faultRate) {
    const fault = FAULTS[Math.floor(Math.random() * FAULTS.length)] ?? { kind: "empty" };
    sandbox.fail({ operation: "*", ...fault });
    count(faults, Object.values(fault).join(" "));
  }
  const request = input instanceof Request ? input : new Request(input, init);
  const { pathname } = new URL(request.url);
  const provider = DRIVEN.find((name) => pathname.startsWith(prefixOf(name))) ?? "none";
  let status: number | undefined;
  try {
    const response = await sandbox.fetch(request, init);
    status = response.status;
    return response;
  } finally {
    count(answered, `${request.method} ${provider} ${String(status ?? "none")}`);
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** What the sandbox remembers at most of deleted keys is there from the beginning, and no growth. */
async function fillMemoryOfDeleted(): Promise<void> {
  const headers = { authorization: `Bearer ${sandbox.credentials.cockroach}` };
  for (let i = 0; i < 10_000; i++) {
    const { id } = sandbox.issue("cockroach");
    await sandbox.fetch(`http://sandbox${prefixOf("cockroach")}/api/v1/api-keys/${id}`, { method: "DELETE", headers });
  }
}
await fillMemoryOfDeleted();

type Held = { id: string; name: string }[];

async function keysOf(provider: Driven): Promise<Held> {
  switch (provider) {
    case "estuary":
      return sandbox.keys("estuary").map(({ tokenHash = "", label = "" }) => ({ id: tokenHash, name: label }));
    case "openrouter":
      return sandbox.keys("openrouter").map(({ hash, name }) => ({ id: hash, name }));
    case "cockroach":
      return sandbox.keys("cockroach").map(({ id, name }) => ({ id, name }));
    case "openai":
    case "openaiproject":
    case "cloudflare":
      return sandbox.keys(provider).map(({ id, name }) => ({ id, name: name ?? "" }));
    case "unleash":
      return unleashKeys();
  }
}

/** Of these, only the plaintext tells which is which. */
async function unleashKeys(): Promise<Held> {
  const headers = { authorization: sandbox.credentials.unleash };
  const response = await sandbox.fetch(`http://sandbox${prefixOf("unleash")}/api/admin/api-tokens`, { headers });
  const { tokens } = (await response.json()) as ListApiKeysResponse;
  return tokens.map(({ secret, tokenName }) => ({
    id: createHash("sha256").update(secret).digest("base64url"),
    name: tokenName,
  }));
}

/** Of which the client makes keys of an OpenAI project: without one, each would make an account that outlives it. */
const serviceAccountId = "svc_acct_long_run";
sandbox.issue("openaiproject", { name: THERE_BEFORE, serviceAccountId });

const handlers = {
  place: () => ({
    credentials: sandbox.credentials,
    baseUrls: Object.fromEntries(DRIVEN.map((name) => [name, url + prefixOf(name)])) as Record<Driven, string>,
    project: sandbox.openaiProjects.main,
    serviceAccountId,
  }),
  fail: (rate: number) => void (faultRate = rate),
  usage,
  report: async () => ({
    faults,
    answered,
    logged: sandbox.requests.length,
    keys: Object.fromEntries(
      await Promise.all(DRIVEN.map(async (name) => [name, await keysOf(name)] as const)),
    ) as Record<Driven, Held>,
  }),
};

export type Server = typeof handlers;
answer(handlers);
