/** Lives with keys of every provider, through the facades, at a given rate, and writes down what becomes of each key. */
import { openSync, writeSync } from "node:fs";
import {
  cloudflare,
  cockroach,
  CreateOutcomeUnknownError,
  estuary,
  isKeysmithError,
  openai,
  openaiproject,
  openrouter,
  unleash,
  type ApiKey,
  type CreatedApiKey,
} from "../../src/index.js";
import { answer, DRIVEN, usage, type Driven } from "./child.js";
import type { Server } from "./long-run-server.js";

const [bookFile = "", place = ""] = process.argv.slice(2);
const { baseUrls, credentials, project, serviceAccountId } = JSON.parse(place) as ReturnType<Server["place"]>;

/** How many calls may be under way: what more of them would bring is waiting. */
const MAX_CALLS = 150;
/** How many keys of a provider live at a time. */
const KEYS = 12;
const POLICY = {
  effect: "allow" as const,
  resources: { "com.cloudflare.api.account.zone.*": "*" },
  permission_groups: [{ id: "82e64a83756745bbbb1c9c2701bf816b" }],
};
const SERVICE_ACCOUNT = "1234abcd-1234-1234-abcd-12345678abcd";

/** By method, provider and status, as the server counts. */
const answered: Record<string, number> = {};
const outcomes: Record<string, number> = {};
const untyped: string[] = [];
let requests = 0;
let calls = 0;

/** What the facades send their requests with. Their own events would count as well, and cost more. */
function fetchAndCount(provider: Driven): typeof fetch {
  return async (url, init) => {
    requests++;
    let status: number | undefined;
    try {
      const response = await fetch(url, init);
      status = response.status;
      return response;
    } finally {
      count(answered, `${init?.method ?? "GET"} ${provider} ${String(status ?? "none")}`);
    }
  };
}

function options(provider: Driven) {
  return { baseUrl: baseUrls[provider], apiKey: credentials[provider], fetch: fetchAndCount(provider) };
}

const facades = {
  estuary: estuary(options("estuary")),
  openrouter: openrouter(options("openrouter")),
  cockroach: cockroach(options("cockroach")),
  openai: openai(options("openai")),
  openaiproject: openaiproject({ ...options("openaiproject"), project }),
  cloudflare: cloudflare({ ...options("cloudflare"), account: null }),
  unleash: unleash(options("unleash")),
};

// What is written down must not count as memory that grows.
const book = openSync(bookFile, "a");
function note(...entry: string[]): void {
  writeSync(book, `${entry.join("\t")}\n`);
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Keys that nobody works on at the moment, by provider. */
const idle = Object.fromEntries(DRIVEN.map((provider) => [provider, []])) as unknown as Record<Driven, string[]>;
let named = 0;

interface Life {
  create: (name: string) => Promise<CreatedApiKey>;
  revoke: (id: string) => Promise<unknown>;
  /** With a key, and without; each as often as the others. */
  uses: ((id: string) => Promise<unknown>)[];
  /** How many requests a revoke takes. */
  revokeRequests: number;
}

const lives: Record<Driven, Life> = {
  estuary: {
    create: (name) => facades.estuary.create({ name, expiresIn: "24h" }),
    revoke: (id) => facades.estuary.revoke(id),
    uses: [() => facades.estuary.stats(), () => facades.estuary.export(), () => facades.estuary.list().toArray()],
    revokeRequests: 3,
  },
  openrouter: {
    create: (name) => facades.openrouter.create({ name, limit: 5 }),
    revoke: (id) => facades.openrouter.revoke(id),
    uses: [
      (id) => facades.openrouter.get(id),
      (id) => facades.openrouter.update(id, { limit: 6 }),
      (id) => facades.openrouter.update(id, { disabled: true }),
      () => facades.openrouter.current(),
      () => facades.openrouter.list({ includeDisabled: true }).toArray(),
    ],
    revokeRequests: 1,
  },
  cockroach: {
    create: (name) => facades.cockroach.create({ name, serviceAccountId: SERVICE_ACCOUNT }),
    revoke: (id) => facades.cockroach.revoke(id),
    uses: [
      (id) => facades.cockroach.get(id),
      (id) => facades.cockroach.get(id),
      () => facades.cockroach.list({ pageSize: 20 }).toArray(),
    ],
    revokeRequests: 1,
  },
  openai: {
    create: (name) => facades.openai.create({ name, expiresIn: "30d" }),
    revoke: (id) => facades.openai.revoke(id),
    uses: [
      (id) => facades.openai.get(id),
      (id) => facades.openai.get(id),
      () => facades.openai.list({ pageSize: 20 }).toArray(),
    ],
    revokeRequests: 1,
  },
  openaiproject: {
    create: (name) => facades.openaiproject.create({ name, serviceAccountId }),
    revoke: (id) => facades.openaiproject.revoke(id),
    uses: [
      (id) => facades.openaiproject.get(id),
      (id) => facades.openaiproject.update(id, { scopes: ["api.all.read"] }),
      () => facades.openaiproject.list({ pageSize: 20 }).toArray(),
    ],
    revokeRequests: 1,
  },
  cloudflare: {
    create: (name) => facades.cloudflare.create({ name, policies: [POLICY] }),
    revoke: (id) => facades.cloudflare.revoke(id),
    uses: [
      (id) => facades.cloudflare.get(id),
      (id) => facades.cloudflare.update(id, { disabled: true }),
      (id) => facades.cloudflare.roll(id),
      () => facades.cloudflare.current(),
      () => facades.cloudflare.list({ pageSize: 20 }).toArray(),
    ],
    revokeRequests: 1,
  },
  unleash: {
    create: (name) => facades.unleash.create({ name, type: "client", environment: "production" }),
    revoke: (id) => facades.unleash.revoke(id),
    uses: [
      (id) => facades.unleash.update(id, { expiresAt: "2099-01-01T00:00:00Z" }),
      () => facades.unleash.list().toArray(),
    ],
    revokeRequests: 3,
  },
};

/** What the call gives, or what it fails with, which is counted by its kind. */
async function attempt<T>(what: string, call: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  calls++;
  try {
    const value = await call();
    count(outcomes, `${what} done`);
    return { value };
  } catch (error) {
    count(outcomes, `${what} ${isKeysmithError(error) ? error.kind : "untyped"}`);
    if (!isKeysmithError(error) && untyped.length < 10) untyped.push(String(error));
    return { error };
  }
}

async function create(provider: Driven): Promise<void> {
  const name = `key ${named++}`;
  const made = await attempt("create", () => lives[provider].create(name));
  if ("value" in made) {
    const { value: key } = made;
    const isWhole = key.name === name && key.secret.reveal().length > 40;
    note("created", provider, name, key.id, isWhole ? "whole" : "broken");
    idle[provider].push(key.id);
    return;
  }
  const { error } = made;
  if (error instanceof CreateOutcomeUnknownError) {
    note("doubtful", provider, name);
    await revokeCandidates(provider, name, () => error.candidates());
  } else note("not created", provider, name);
}

/** Where nobody knows whether a create took place, what is found by its name goes. */
async function revokeCandidates(
  provider: Driven,
  name: string,
  candidatesOf: () => Promise<readonly { key: ApiKey }[]>,
): Promise<void> {
  const found = await attempt("candidates", candidatesOf);
  const candidates = "value" in found ? found.value : [];
  for (const { key } of candidates.filter((candidate) => candidate.key.name === name)) {
    note("found", provider, name, key.id);
    await revoke(provider, key.id);
  }
}

/** Tries again what failed, as the key may be gone or not. */
async function revoke(provider: Driven, id: string): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const revoked = await attempt("revoke", () => lives[provider].revoke(id));
    const isMissing = "error" in revoked && isKeysmithError(revoked.error) && revoked.error.kind === "not-found";
    if (isMissing && round === 0) note("missing", provider, id);
    if ("value" in revoked || isMissing) {
      note("revoked", provider, id);
      return;
    }
  }
  note("not revoked", provider, id);
}

async function use(provider: Driven): Promise<void> {
  const { uses } = lives[provider];
  const call = uses[Math.floor(Math.random() * uses.length)];
  const id = idle[provider].shift();
  if (call === undefined || id === undefined) return;
  await attempt("use", () => call(id));
  idle[provider].push(id);
}

/** Begins the next piece of work, and gives how many requests it takes if nothing goes wrong. */
function begin(begun: (work: Promise<void>) => void): number {
  const provider = DRIVEN[Math.floor(Math.random() * DRIVEN.length)] ?? "estuary";
  const dice = Math.random();
  if (idle[provider].length < KEYS / 2 || (dice < 0.25 && idle[provider].length < 2 * KEYS)) {
    begun(create(provider));
    return 1;
  }
  if (dice < 0.5) {
    const id = idle[provider].shift();
    if (id !== undefined) begun(revoke(provider, id));
    return lives[provider].revokeRequests;
  }
  begun(use(provider));
  return 1;
}

/** Keeps to a number of requests a second, retries included, as far as the machine does. */
async function drive({ rate, seconds }: { rate: number; seconds: number }) {
  const under = new Set<Promise<void>>();
  const [before, start] = [requests, performance.now()];
  let [planned, most] = [0, 0];
  let elapsed = 0;
  while (elapsed < seconds) {
    const due = rate * elapsed;
    // What was begun may still be about to send its first request, and what failed has sent more than one.
    while (Math.max(planned, requests - before) < due && under.size < MAX_CALLS) {
      planned += begin((work) => {
        under.add(work);
        void work.finally(() => under.delete(work));
      });
    }
    most = Math.max(most, under.size);
    await new Promise((resolve) => setTimeout(resolve, 2));
    elapsed = (performance.now() - start) / 1_000;
  }
  const driven = requests - before;
  await Promise.all(under);
  return { requests: driven, seconds: elapsed, rate: driven / elapsed, most };
}

async function list(): Promise<Record<Driven, string[]>> {
  const ids = (keys: readonly ApiKey[]) => keys.map(({ id }) => id);
  const { openaiproject, cloudflare } = facades;
  return {
    estuary: ids(await facades.estuary.list().toArray()),
    openrouter: ids(await facades.openrouter.list({ includeDisabled: true, includeExpired: true }).toArray()),
    cockroach: ids(await facades.cockroach.list().toArray()),
    openai: ids(await facades.openai.list().toArray()),
    openaiproject: ids(await openaiproject.list({ ownerProjectAccess: "any" }).toArray()),
    cloudflare: ids(await cloudflare.list({ includeExpired: true }).toArray()),
    unleash: ids(await facades.unleash.list().toArray()),
  };
}

const handlers = {
  drive,
  list,
  usage,
  report: () => ({ answered, outcomes, untyped, calls }),
};

export type Client = typeof handlers;
answer(handlers);
