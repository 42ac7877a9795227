/**
 * What has to work in every runtime: the life of a key at each provider, and the promises that rest on the runtime. It
 * logs secrets on the way, by all means that the runtime has; the log must not hold their plaintext.
 */
import { cockroach, estuary, isKeysmithError, openrouter, Secret } from "../../src/index.js";
import type { ErrorKind } from "../../src/types.js";

export interface Served {
  /** Where the sandbox is; below `/hang` nothing is answered, below `/redirect` everything with a redirect. */
  url: string;
  credentials: Record<"estuary" | "openrouter" | "cockroach", string>;
}

/** Gives what did not hold, in words. */
export async function lifecycle(served: Served): Promise<string[]> {
  const failures: string[] = [];
  for (const [what, check] of checksOf(served)) {
    await check().catch((error: unknown) => failures.push(`${what}: ${String(error)}`));
  }
  return failures;
}

type Check = [what: string, check: () => Promise<unknown>];

function checksOf({ url, credentials }: Served): Check[] {
  const options = { dangerouslyAllowBrowser: true };
  const estuaryAt = (base: string) =>
    estuary({ ...options, apiKey: credentials.estuary, baseUrl: `${url}${base}/estuary` });
  const openrouterAt = (base: string) =>
    openrouter({ ...options, apiKey: credentials.openrouter, baseUrl: `${url}${base}/openrouter/api/v1` });
  const cockroachAt = (base: string) =>
    cockroach({ ...options, apiKey: credentials.cockroach, baseUrl: `${url}${base}/cockroach` });
  // Each on its own server path, with a call that reads and one that writes.
  const calls = [
    { name: "estuary", call: (base: string, signal?: AbortSignal) => estuaryAt(base).stats(limits(signal)) },
    { name: "openrouter", call: (base: string, signal?: AbortSignal) => openrouterAt(base).current(limits(signal)) },
    { name: "cockroach", call: (base: string, signal?: AbortSignal) => cockroachAt(base).get("a", limits(signal)) },
  ];

  return [
    ["the life of a key at estuary", () => estuaryLife(estuaryAt(""))],
    ["the life of a key at openrouter", () => openrouterLife(openrouterAt(""))],
    ["the life of a key at cockroach", () => cockroachLife(cockroachAt(""))],
    ...calls.flatMap(({ name, call }): Check[] => [
      [`${name}: a timeout ends a call`, () => failsWith("timeout", call("/hang"))],
      [`${name}: a redirect is refused`, () => failsWith("invalid-response", call("/redirect"))],
      [
        `${name}: an abort ends a call with its own reason`,
        async () => {
          const controller = new AbortController();
          const reason = new Error("enough");
          const pending = call("/hang", controller.signal);
          controller.abort(reason);
          equal(await failure(pending), reason);
        },
      ],
    ]),
    ["a wrong credential is an authentication error", () => wrongCredential(url)],
    ["no credential anywhere is a configuration error", noCredential],
    ["a connection that fails is a connection error", noServer],
    ["a secret hides from what the runtime has", hiddenSecret],
  ];
}

const limits = (signal: AbortSignal | undefined) =>
  signal ? { signal, maxRetries: 0 } : { timeoutMs: 100, maxRetries: 0 };

async function estuaryLife(keys: ReturnType<typeof estuary>): Promise<void> {
  const created = await keys.create({ name: "compat", expiresIn: "2h" });
  checkSecret(created.secret);
  const listed = (await keys.list().toArray()).map(({ id }) => id);
  equal(listed.includes(created.id), true);
  await keys.revoke(created.id);
  equal(
    (await keys.list().toArray()).some(({ id }) => id === created.id),
    false,
  );
  await failsWith("not-found", keys.revoke(created.id));
}

async function openrouterLife(keys: ReturnType<typeof openrouter>): Promise<void> {
  const created = await keys.create({ name: "compat", limit: 5, limitReset: "monthly" });
  checkSecret(created.secret);
  const { data, status, headers } = await keys.update(created.id, { disabled: true }).withResponse();
  equal([data.disabled, status, headers.has("content-type")].join(), "true,200,true");
  equal((await keys.get(created.id)).raw.limit, 5);
  const ids: string[] = [];
  for await (const key of keys.list({ includeDisabled: true })) ids.push(key.id);
  equal(ids.includes(created.id), true);
  await keys.revoke(created);
  await failsWith("not-found", keys.get(created.id));
}

async function cockroachLife(keys: ReturnType<typeof cockroach>): Promise<void> {
  const serviceAccountId = "11111111-2222-4333-8444-555555555555";
  const created = await keys.create({ name: "compat", serviceAccountId });
  checkSecret(created.secret);
  equal((await keys.update(created.id, { name: "größer / 鍵" })).name, "größer / 鍵");
  const pages: number[] = [];
  for await (const page of keys.list({ serviceAccountId, pageSize: 1 }).pages()) pages.push(page.length);
  equal(pages.join(), "1");
  await keys.revoke(created);
  await failsWith("not-found", keys.get(created.id));
}

async function wrongCredential(url: string): Promise<void> {
  const apiKey = "sk-or-v1-00000000-wrong";
  const keys = openrouter({ apiKey, baseUrl: `${url}/openrouter/api/v1`, dangerouslyAllowBrowser: true });
  const error = await failsWith("authentication", keys.list().toArray());
  console.error(error);
  equal(`${String(error)} ${JSON.stringify(error)}`.includes(apiKey), false);
}

/** The environment is empty, or the runtime keeps it shut. */
async function noCredential(): Promise<void> {
  const make = (): Promise<unknown> => Promise.resolve(openrouter({ dangerouslyAllowBrowser: true }));
  await failsWith("configuration", Promise.resolve().then(make));
}

async function noServer(): Promise<void> {
  const unused = { apiKey: "a", baseUrl: "http://127.0.0.1:9", dangerouslyAllowBrowser: true };
  await failsWith("connection", openrouter(unused).current({ maxRetries: 0 }));
}

async function hiddenSecret(): Promise<void> {
  // Joined here, as some runtimes show the lines of the source beside an error.
  const secret = new Secret(["plaintext", "in", "no", "log"].join("-"));
  checkSecret(secret);
  for (const log of [console.log, console.error, console.info, console.warn, console.debug]) {
    log("as an argument:", secret, { within: secret, list: [secret] }, new Error("with a cause", { cause: secret }));
  }
  console.log("%s %o %O", secret, secret, secret);
  const inspectors = globalThis as unknown as Record<
    string,
    { inspect?: (value: unknown, options?: object) => string }
  >;
  for (const runtime of ["Bun", "Deno"]) {
    const shown = inspectors[runtime]?.inspect?.({ secret }, { showHidden: true, depth: 9 }) ?? "";
    equal(shown.includes(secret.reveal()), false);
  }
  const copy: unknown = typeof structuredClone === "function" ? structuredClone({ secret }) : {};
  equal(JSON.stringify(copy).includes(secret.reveal()), false);
  return Promise.resolve();
}

function checkSecret(secret: Secret): void {
  equal(secret instanceof Secret && secret.reveal().length > 10, true);
  equal(`${String(secret)} ${JSON.stringify({ secret })}`, '[secret] {"secret":"[secret]"}');
  console.log(secret, { secret });
}

async function failsWith(kind: ErrorKind, promise: Promise<unknown>): Promise<unknown> {
  const error = await failure(promise);
  equal(isKeysmithError(error) ? error.kind : String(error), kind);
  return error;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`got ${String(actual)}, not ${String(expected)}`);
}
