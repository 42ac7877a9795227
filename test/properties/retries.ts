/** Promises 2, 3 and 4: whatever goes wrong in whatever order, a create is sent once, and every retry has its bounds. */
import { apis } from "../../generated/apis.js";
import fc from "fast-check";
import { expect, vi } from "vitest";
import {
  cloudflare,
  cockroach,
  unleash,
  CreateOutcomeUnknownError,
  estuary,
  isKeysmithError,
  openai,
  openaiproject,
  openrouter,
  type CallOptions,
  type ClientOptions,
  type CreatedApiKey,
} from "../../src/index.js";
import { createSandbox, type FaultKind, type ProviderName, type Sandbox } from "../../src/sandbox/index.js";
import { atMost } from "../helpers/pages.js";
import { names, POLICIES, table } from "../helpers/providers.js";
import { property, type Topic } from "./property.js";

/** What a request meets. While it hangs, or its repetition waits, its time passes, or the caller has had enough. */
type Trouble = FaultKind & { aborts?: boolean };

const RETRYABLE = [408, 429, 500, 502, 503, 504, ...Array.from({ length: 11 }, (_, at) => 520 + at)];
const MAX_WAIT_S = 60;

const statuses = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...RETRYABLE) },
  { weight: 1, arbitrary: fc.constant(429) },
  { weight: 1, arbitrary: fc.integer({ min: 400, max: 599 }) },
);
const retryAfters = fc.oneof(fc.constantFrom(undefined, "soon", "-1", MAX_WAIT_S + 1), fc.nat(MAX_WAIT_S));
const times = fc.constantFrom("before", "after");
const rarely = fc.nat(9).map((chance) => chance === 9);
const troubles: fc.Arbitrary<Trouble> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("status"), status: statuses, retryAfter: retryAfters, aborts: rarely }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("lost"), when: times }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refused"), aborts: rarely }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("truncated", "garbage", "html", "empty") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hang"), when: times, aborts: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: "redirect", location: "https://elsewhere.example" }) },
);

/** Whether it proves that nothing was done. */
function isHarmless(trouble: Trouble | undefined): boolean {
  return trouble?.kind === "refused" || (trouble?.kind === "status" && trouble.status < 500 && trouble.status !== 408);
}

/** Whether what is idempotent may be sent again. */
function isPassing(trouble: Trouble | undefined): boolean {
  if (trouble?.kind === "status") return RETRYABLE.includes(trouble.status) && trouble.retryAfter !== MAX_WAIT_S + 1;
  return ["lost", "refused", "hang", "truncated"].includes(trouble?.kind ?? "");
}

interface Keys {
  create: (name: string, options: CallOptions) => Promise<CreatedApiKey>;
  /** What is idempotent. */
  others: ((id: string, options: CallOptions) => Promise<unknown>)[];
}

const connect: Record<ProviderName, (options: ClientOptions) => Keys> = {
  estuary: (options) => {
    const keys = estuary(options);
    return {
      create: (name, call) => keys.create({ name }, call),
      others: [
        (_, call) => keys.list(undefined, call).toArray(),
        (_, call) => keys.stats(call),
        (_, call) => keys.export(call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
  openrouter: (options) => {
    const keys = openrouter(options);
    return {
      create: (name, call) => keys.create({ name }, call),
      others: [
        (_, call) => keys.list({}, call).toArray(),
        (id, call) => keys.get(id, call),
        (id, call) => keys.update(id, { limit: 1 }, call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
  cockroach: (options) => {
    const keys = cockroach(options);
    const serviceAccountId = "00000000-0000-4000-8000-00000000000a";
    return {
      create: (name, call) => keys.create({ name, serviceAccountId }, call),
      others: [
        (_, call) => keys.list({}, call).toArray(),
        (id, call) => keys.get(id, call),
        (id, call) => keys.update(id, { name: "b" }, call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
  openai: (options) => {
    const keys = openai(options);
    return {
      create: (name, call) => keys.create({ name }, call),
      others: [
        (_, call) => keys.list({}, call).toArray(),
        (id, call) => keys.get(id, call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
  openaiproject: (options) => {
    const keys = openaiproject({ project: "proj_main", ...options });
    return {
      create: (name, call) => keys.create({ name, serviceAccountId: "svc_acct_main" }, call),
      others: [
        (_, call) => keys.list({}, call).toArray(),
        (id, call) => keys.get(id, call),
        (id, call) => keys.update(id, { expiresIn: "30d" }, call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
  cloudflare: (options) => {
    const keys = cloudflare(options);
    return {
      create: (name, call) => keys.create({ name, policies: POLICIES }, call),
      others: [
        (_, call) => keys.list({}, call).toArray(),
        (id, call) => keys.get(id, call),
        (_, call) => keys.current(call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
  unleash: (options) => {
    const keys = unleash(options);
    return {
      create: (name, call) => keys.create({ name, type: "client" }, call),
      others: [
        (_, call) => keys.list(undefined, call).toArray(),
        (id, call) => keys.update(id, { expiresAt: "2040-01-01T00:00:00Z" }, call),
        (id, call) => keys.revoke(id, call),
      ],
    };
  },
};

interface Attempt {
  method: string;
  url: string;
  trouble: Trouble | undefined;
}

const TIMEOUT_MS = 5_000;

/** More than any call needs, its retries among them. */
const MOST_REQUESTS = 50;

/** A provider whose requests meet one trouble after the other, and whose time passes only where somebody waits for it. */
function troubled(provider: ProviderName, waiting: (Trouble | undefined)[], maxRetries: number) {
  const sandbox: Sandbox = createSandbox();
  const attempts: Attempt[] = [];
  const reason = new Error("the caller has had enough");
  /** What the call waits for, in milliseconds; of a hanging request, what ends it. */
  let due: number | "abort" | undefined;

  const keys = connect[provider]({
    apiKey: sandbox.credentials[provider],
    baseUrl: apis[provider].baseUrl,
    timeoutMs: TIMEOUT_MS,
    maxRetries,
    maxRetryWaitMs: MAX_WAIT_S * 1000,
    onEvent: ({ type, durationMs }) => {
      if (type === "wait") due = attempts.at(-1)?.trouble?.aborts ? "abort" : (durationMs ?? 0);
    },
    fetch: atMost(MOST_REQUESTS, async (url: string, init: RequestInit) => {
      const trouble = waiting.shift();
      attempts.push({ method: init.method ?? "", url, trouble });
      if (trouble) sandbox.fail({ ...trouble, operation: "*" });
      const reached = sandbox.requests.length;
      const answer = sandbox.fetch(url, init);
      if (trouble?.kind === "hang") {
        // It may reject before it is awaited below.
        answer.catch(() => undefined);
        while (sandbox.requests.length === reached) await new Promise((resolve) => setImmediate(resolve));
        due = trouble.aborts ? "abort" : TIMEOUT_MS;
      }
      return answer;
    }),
  });

  /** Makes a call and lets time pass for it until it ends. */
  async function outcome<T>(call: (options: CallOptions) => Promise<T>) {
    const controller = new AbortController();
    let ended: { value: T } | { error: unknown } | undefined;
    void call({ signal: controller.signal }).then(
      (value) => (ended = { value }),
      (error: unknown) => (ended = { error }),
    );
    while (ended === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      if (due === "abort") controller.abort(reason);
      else if (due !== undefined) vi.advanceTimersByTime(due);
      due = undefined;
    }
    return { ...ended, attempts: attempts.splice(0), aborted: controller.signal.aborted };
  }

  return { sandbox, keys, outcome, reason, waiting };
}

type Scene = ReturnType<typeof troubled>;

async function createHolds(
  { sandbox, keys, outcome, reason, waiting }: Scene,
  provider: ProviderName,
  name: string,
  maxRetries: number,
): Promise<void> {
  const before = sandbox.keys(provider).length;
  const { attempts, aborted, ...result } = await outcome((call) => keys.create(name, call));
  const made = sandbox.keys(provider).length - before;
  // What explains a refusal may be looked for.
  const creates = attempts.filter(({ method }) => method === "POST");
  const looked = attempts.length > creates.length;
  const last = creates.at(-1)?.trouble;

  const earlier = creates.slice(0, -1).map(({ trouble }) => trouble);
  expect(earlier.every((trouble) => isHarmless(trouble) && isPassing(trouble))).toBe(true);
  expect(creates.length).toBeLessThanOrEqual(maxRetries + 1);
  expect(made).toBeLessThanOrEqual(1);

  if ("value" in result) {
    expect([last, made]).toEqual([undefined, 1]);
    expect(result.value.secret.reveal()).toMatch(table[provider].plaintext);
    return;
  }
  const { error } = result;
  if (isHarmless(last)) {
    expect(made).toBe(0);
    if (aborted && !looked) expect(error).toBe(reason);
    else {
      expect(isKeysmithError(error) && error.kind !== "outcome-unknown").toBe(true);
      if (isPassing(last)) expect(creates.length).toBe(maxRetries + 1);
    }
    return;
  }
  if (!(error instanceof CreateOutcomeUnknownError)) throw new Error("nobody can know", { cause: error });
  if (aborted) expect(error.cause).toBe(reason);
  // What may be left is found, once nothing goes wrong any more.
  const troubles = waiting.splice(0);
  const found = await outcome(() => error.candidates());
  waiting.push(...troubles);
  expect("value" in found && found.value.map(({ key }) => key.name)).toEqual(made ? [name] : []);
}

async function otherHolds(
  { outcome, reason }: Scene,
  call: (options: CallOptions) => Promise<unknown>,
  maxRetries: number,
): Promise<void> {
  const { attempts, aborted, ...result } = await outcome(call);
  if ("error" in result && !isKeysmithError(result.error)) {
    expect(aborted).toBe(true);
    expect(result.error).toBe(reason);
  }
  // A call may be of several requests: the pages of a list, the looks around a revocation.
  for (let start = 0, end = 0; start < attempts.length; start = end) {
    const { method, url } = attempts[start] ?? {};
    while (attempts[end]?.method === method && attempts[end]?.url === url) end++;
    const tries = attempts.slice(start, end).map(({ trouble }) => trouble);
    expect(tries.length).toBeLessThanOrEqual(maxRetries + 1);
    expect(tries.slice(0, -1).every(isPassing)).toBe(true);
    if (isPassing(tries.at(-1)) && !aborted) expect(tries).toHaveLength(maxRetries + 1);
  }
}

/** Each trouble, again and again, for a create and for something else. */
const examples = [
  ...[...RETRYABLE, 400, 401, 404, 501].map((status): Trouble => ({ kind: "status", status })),
  ...(["before", "after"] as const).flatMap((when): Trouble[] => [
    { kind: "lost", when },
    { kind: "hang", when },
    { kind: "hang", when, aborts: true },
  ]),
  ...(["refused", "truncated", "garbage", "html", "empty"] as const).map((kind): Trouble => ({ kind })),
].map((trouble, at) => ({
  provider: names[at % names.length] ?? "estuary",
  maxRetries: 1,
  troubles: [trouble, trouble, trouble],
  calls: ["create" as const, at % 4],
}));

export const troubleTopic: Topic = {
  topic: "a session, whatever goes wrong,",
  properties: [
    property(
      "sends no create twice, repeats what is idempotent within bounds, and fails with a type",
      fc.record({
        provider: fc.constantFrom(...names),
        maxRetries: fc.nat(3),
        troubles: fc.array(fc.option(troubles, { nil: undefined, freq: 4 }), { maxLength: 8 }),
        calls: fc.array(fc.oneof(fc.constant("create" as const), fc.nat(3)), { minLength: 1, maxLength: 3 }),
      }),
      async ({ provider, maxRetries, troubles, calls }) => {
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
        try {
          const scene = troubled(provider, [...troubles], maxRetries);
          const { id } = scene.sandbox.issue(provider);
          for (const [at, call] of calls.entries()) {
            const other = call === "create" ? undefined : scene.keys.others[call];
            if (other) await otherHolds(scene, (options) => other(id, options), maxRetries);
            else await createHolds(scene, provider, `ci ${at}`, maxRetries);
          }
        } finally {
          vi.useRealTimers();
        }
      },
      { examples },
    ),
  ],
};
