/** What must compile, and what must not. Checked by `npm run types`; never run. */
import {
  cockroach,
  estuary,
  isKeysmithError,
  openaiproject,
  openrouter,
  rotate,
  rotateAll,
  Secret,
  type ApiKey,
  type Keys,
} from "../../src/index.js";
import { createFleet } from "../../src/fleet/index.js";
import { createClient } from "../../generated/openrouter/index.js";
import type * as types from "../../src/types.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(answer: Same<A, B>): void => void answer;

export async function facade(): Promise<void> {
  const e = estuary();
  const o = openrouter({ apiKey: new Secret("a"), timeoutMs: 1, onEvent: ({ type, attempt }) => void [type, attempt] });
  const c = cockroach({ apiKey: () => Promise.resolve("a") });

  // What a provider cannot do is not there.
  // @ts-expect-error -- Estuary has no single key to get
  e.get;
  // @ts-expect-error -- nor to update
  e.update;
  // @ts-expect-error -- only OpenRouter tells of the credential
  c.current;
  // @ts-expect-error -- only Estuary has figures
  o.stats;

  // What a method does not take does not compile.
  // @ts-expect-error -- a key cannot be created disabled
  o.create({ name: "a", disabled: true });
  // @ts-expect-error -- an expiry cannot be changed
  o.update("a", { expiresAt: "2027-01-01T00:00:00Z" });
  // @ts-expect-error -- no such window
  o.create({ name: "a", limitReset: "yearly" });
  // @ts-expect-error -- the name is needed
  o.create({ limit: 1 });
  // @ts-expect-error -- no such permission
  e.create({ permissions: "read" });
  // @ts-expect-error -- the service account is needed
  c.create({ name: "a" });
  // @ts-expect-error -- no such order
  c.list({ sortOrder: "asc" });
  // @ts-expect-error -- a key of another provider
  c.revoke(await o.get("a"));
  // @ts-expect-error -- no such option
  o.get("a", { timeout: 1 });

  const { data, status, headers } = await o.get("a", { signal: new AbortController().signal }).withResponse();
  same<typeof data, ApiKey<"openrouter">>(true);
  same<typeof status, number>(true);
  same<typeof headers, Headers>(true);
  same<typeof data.raw.limit, number | null>(true);
  same<typeof data.createdAt, string | undefined>(true);

  const created = await e.create();
  same<typeof created.secret, Secret>(true);
  // @ts-expect-error -- the plaintext is in `secret`, not in `raw`
  created.raw.token;
  for await (const key of c.list({ sortOrder: "DESC" })) same<typeof key, ApiKey<"cockroach">>(true);
  for await (const page of e.list().pages()) same<typeof page, ApiKey<"estuary">[]>(true);

  try {
    await e.revoke(created, { confirm: false });
  } catch (error) {
    if (!isKeysmithError(error)) throw error;
    same<typeof error.retryable, boolean>(true);
    if (error.kind === "rate-limit") void error.retryAfterMs;
    // @ts-expect-error -- no such kind
    if (error.kind === "ratelimit") return;
    // The kind tells the class, and with it what else there is.
    if (error.kind === "outcome-unknown") void error.candidates();
    if (error.kind === "rotation") same<typeof error.valid, string[]>(true);
    if (error.kind === "rotation-pending") void error.sibling;
    // @ts-expect-error -- only a rotation's error has a step
    error.step;
  }

  const wire = o.client(createClient);
  const { data: page } = await wire.GET("/keys", { params: { query: { offset: 1 } } });
  same<typeof page, types.openrouter.ListApiKeysResponse | undefined>(true);
  // @ts-expect-error -- no such path
  await wire.GET("/nothing");
}

export async function rotations(any: Keys): Promise<void> {
  const store = () => undefined;
  await rotate(openrouter(), "a", { store });
  await rotate(estuary(), "a", { store, overrides: { permissions: "all", name: "b" } });
  await rotateAll(openaiproject(), ["a"], { store, overrides: { scopes: [] } });
  // What is known only at run time is refused then.
  await rotate(any, "a", { store });

  // What no answer tells of a key has to be given.
  // @ts-expect-error -- what the key may do
  await rotate(estuary(), "a", { store });
  // @ts-expect-error -- the same, of several
  await rotateAll(estuary(), ["a"], { store, overrides: { name: "b" } });
  // @ts-expect-error -- undefined says nothing
  await rotate(openaiproject(), "a", { store, overrides: { scopes: undefined } });
  // @ts-expect-error -- no such override
  await rotate(openrouter(), "a", { store, overrides: { permissions: "all" } });
}

export type { types };
export const key: types.ApiKey<"estuary">["raw"] = { expiry: "", label: "ci" };
export const stats: types.estuary.UserStats = { totalSize: 0, numPins: 0 };

export function fleets(): void {
  const store = { seal: (text: string) => text, open: (text: string) => text };
  createFleet({ keys: openrouter(), store });
  createFleet({ keys: estuary(), store, rotation: { overrides: { permissions: "upload" } } });
  // @ts-expect-error -- Estuary does not tell what a key may do
  createFleet({ keys: estuary(), store });
  // @ts-expect-error -- nor does this say it
  createFleet({ keys: estuary(), store, rotation: { overrides: { name: "a" } } });
  // @ts-expect-error -- no list tells the scopes
  createFleet({ keys: openaiproject({ project: "proj_a" }), store });
}
