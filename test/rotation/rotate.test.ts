import { describe, expect, it, vi } from "vitest";
import {
  NotStoredError,
  openrouter,
  rotate,
  RotationError,
  RotationPendingError,
  type Journal,
  type ProviderName,
} from "../../src/index.js";
import { providers } from "../../generated/providers.js";
import { fingerprint, newTrace, traced } from "../../src/rotation/trace.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, table, through, until } from "../helpers/providers.js";
import { shown } from "../helpers/shown.js";
import { memoryStore, rotators, type Rotator } from "./rotators.js";

const operations = (sandbox: Sandbox) => sandbox.requests.map(({ operation }) => operation);

/** A sandbox with a key to rotate and a store that holds it. */
function scene(rotator: Rotator) {
  const sandbox = createSandbox({ now: Date.now });
  const old = rotator.issue(sandbox);
  return { sandbox, old, store: memoryStore(old) };
}

/** After whatever happened: the store's key works, and exactly what nobody holds is found to be an orphan. */
async function expectSafe(
  rotator: Rotator,
  sandbox: Sandbox,
  old: { id: string },
  { current, held }: ReturnType<typeof memoryStore>,
) {
  expect(await rotator.works(sandbox, current.secret)).toBe(true);
  const found = await rotator.findOrphans(sandbox, { held, minAgeMs: 0 });
  const orphans = found.filter(({ verdict }) => verdict === "orphan").map(({ key }) => key.id);
  const traced = (await rotator.list(sandbox)).filter(({ trace }) => trace !== undefined).map(({ id }) => id);
  expect(orphans).toEqual(traced.filter((id) => id !== current.id));
  expect(orphans).not.toContain(old.id);
}

/** What a provider answers a credential that it does not know. */
function refused(provider: ProviderName): Response {
  const body =
    provider === "estuary" ? { error: { code: 401, reason: "ERR_INVALID_TOKEN", details: "" } } : { code: 16 };
  return Response.json(body, { status: 401 });
}

describe.each(rotators)("rotation ($provider)", (rotator) => {
  const { provider } = rotator;

  it("makes a key like the old one, stores it, and revokes the old one, in this order", async () => {
    const { sandbox, old, store } = scene(rotator);
    const steps: string[] = [];
    const rotation = await rotator.rotate(sandbox, old.id, {
      store: (...stored) => {
        steps.push("stored");
        store.store(...stored);
      },
      held: store.held,
      onStep: (step) => steps.push(step),
    });
    expect(steps).toEqual(["read", "create", "claim", "prepare", "verify", "store", "stored", "confirm", "retire"]);
    expect(operations(sandbox)).toEqual(rotator.sequence);
    expect(rotation).toMatchObject({
      retired: "revoked",
      healed: false,
      old: { id: old.id },
      new: { id: store.current.id, name: "ci" },
    });
    expect(rotation.new).not.toHaveProperty("secret");
    expect((await rotator.list(sandbox)).map(({ id }) => id)).not.toContain(old.id);
    await expectSafe(rotator, sandbox, old, store);
  });

  it("leaves a clean name behind, or one whose mark is read", async () => {
    const { sandbox, old, store } = scene(rotator);
    const { new: made } = await rotator.rotate(sandbox, old.id, store);
    expect(made.name).toBe("ci");
    const names = sandbox
      .keys(provider)
      .map((key) =>
        "tokenName" in key
          ? key.tokenName
          : "label" in key && provider === "estuary"
            ? key.label
            : "name" in key
              ? key.name
              : "",
      );
    const copy = await providers[provider].copy();
    if (!copy.renamed)
      expect(names).toContainEqual(expect.stringMatching(/^ci ~ks1\.[0-9a-z]{7}\.[0-9a-z]{8}\.[0-9a-z]{12}$/));
    else expect(names).toContain("ci");
    // Rotated again, the former mark is gone and there is one, not two.
    const again = await rotator.rotate(sandbox, made.id, store);
    expect(again.new.name).toBe("ci");
  });

  describe("killed at an edge of a request:", () => {
    for (const edge of ["before", "after"] as const) {
      for (let index = 1; index <= rotator.sequence.length; index++) {
        it(`${edge} the effect of request ${index} (${rotator.sequence[index - 1] ?? ""}), the store's key works, and running again heals`, async () => {
          const { sandbox, old, store } = scene(rotator);
          let requests = 0;
          let dead = false;
          const rotating = rotator.rotate(sandbox, old.id, store, async (input, init) => {
            requests++;
            if (requests > index) return new Promise(() => undefined);
            if (requests === index) {
              if (edge === "after") await sandbox.fetch(input, init);
              dead = true;
              return new Promise(() => undefined);
            }
            return sandbox.fetch(input, init);
          });
          rotating.catch(() => undefined);
          await until(() => dead);
          await expectSafe(rotator, sandbox, old, store);

          // Another process, later: what is in this one's memory is gone with it.
          const alive = (await rotator.list(sandbox)).some(({ id }) => id === old.id);
          if (!alive) return;
          const fresh = memoryStore(store.current);
          const other = await elsewhere(rotator);
          await other.rotate(sandbox, old.id, { store: fresh.store, held: fresh.held, minAgeMs: 0 });
          expect(await rotator.works(sandbox, fresh.current.secret)).toBe(true);
          expect(
            (await rotator.findOrphans(sandbox, { held: fresh.held, minAgeMs: 0 })).filter(
              ({ verdict }) => verdict === "orphan",
            ),
          ).toEqual([]);
          expect((await rotator.list(sandbox)).map(({ id }) => id)).not.toContain(old.id);
        });
      }
    }
  });

  it.each([
    { title: "certainly wrote nothing", error: new NotStoredError("disk full"), held: false, undone: true },
    {
      title: "fails, and says at once that it does not hold it",
      error: new Error("disk full"),
      held: true,
      undone: false,
    },
    { title: "fails, and nobody can say what it holds", error: new Error("disk full"), held: false, undone: false },
  ])("a store that $title: undone $undone", async ({ error, held, undone }) => {
    const { sandbox, old, store } = scene(rotator);
    const fail = () => Promise.reject(error);
    const failure = await failureOf(
      rotator.rotate(sandbox, old.id, { store: fail, held: held ? store.held : undefined }),
    );
    expect(failure).toBeInstanceOf(RotationError);
    expect(failure).toMatchObject({ step: "store", cause: { message: "disk full" }, key: { id: old.id } });
    const { valid, message } = failure as RotationError;
    const ids = (await rotator.list(sandbox)).map(({ id }) => id);
    expect(ids).toContain(old.id);
    expect(valid).toHaveLength(undone ? 1 : 2);
    expect(valid.every((id) => ids.includes(id))).toBe(true);
    expect(message).toMatch(undone ? /was revoked; the old one is valid/ : /Both keys are valid. Look which one/);
  });

  it("a store that writes and then throws loses nothing: both keys are kept and named", async () => {
    const { sandbox, old, store } = scene(rotator);
    const failure = await failureOf(
      rotator.rotate(sandbox, old.id, {
        ...store,
        store: (...stored) => {
          store.store(...stored);
          throw new Error("no answer");
        },
        held: store.held,
      }),
    );
    expect(failure).toMatchObject({
      step: "store",
      successor: { id: store.current.id },
      valid: [old.id, store.current.id],
    });
    await expectSafe(rotator, sandbox, old, store);
  });

  it("a store that hangs holds the rotation, and nothing is revoked meanwhile", async () => {
    const { sandbox, old } = scene(rotator);
    let storing = false;
    void rotator.rotate(sandbox, old.id, {
      store: () => {
        storing = true;
        return new Promise(() => undefined);
      },
    });
    await until(() => storing);
    expect(operations(sandbox)).not.toContain("deleteApiKey");
    expect((await rotator.list(sandbox)).map(({ id }) => id)).toContain(old.id);
  });

  it("what fails before the store is undone: the new key is revoked, the old one stays", async () => {
    for (const options of [
      { prepare: () => Promise.reject(new Error("no such role")) },
      { verify: () => Promise.reject(new Error("refused")) },
      { deadlineMs: -1 },
    ]) {
      const { sandbox, old, store } = scene(rotator);
      const failure = await failureOf(rotator.rotate(sandbox, old.id, { ...store, ...options }));
      expect(failure).toBeInstanceOf(RotationError);
      expect(failure).toMatchObject({ successor: undefined, valid: [old.id] });
      expect(store.current.id).toBe(old.id);
      expect(operations(sandbox)).toContain("deleteApiKey");
      await expectSafe(rotator, sandbox, old, store);
      expect(await rotator.findOrphans(sandbox, { minAgeMs: 0 })).toEqual([]);
    }
  });

  it("an abort before the store undoes; after it has begun, the rotation finishes", async () => {
    const early = scene(rotator);
    const controller = new AbortController();
    const reason = new Error("enough");
    const failure = await failureOf(
      rotator.rotate(early.sandbox, early.old.id, {
        ...early.store,
        prepare: () => controller.abort(reason),
        signal: controller.signal,
      }),
    );
    expect(failure).toMatchObject({ name: "RotationError", cause: reason, valid: [early.old.id] });
    await expectSafe(rotator, early.sandbox, early.old, early.store);

    const verifying = scene(rotator);
    const second = new AbortController();
    const stopped = rotator.rotate(verifying.sandbox, verifying.old.id, {
      ...verifying.store,
      verify: () => second.abort(reason),
      signal: second.signal,
    });
    expect(await failureOf(stopped)).toMatchObject({ step: "verify", cause: reason, valid: [verifying.old.id] });
    expect(verifying.store.current.id).toBe(verifying.old.id);

    const late = scene(rotator);
    const rotation = await rotator.rotate(late.sandbox, late.old.id, {
      store: (...stored) => {
        controller.abort();
        late.store.store(...stored);
      },
      signal: new AbortController().signal,
    });
    expect(rotation.retired).toBe("revoked");
  });

  it("an abort before the store ends the wait for any answer, and nothing is left", async () => {
    /** Rotates, and aborts as the request of this number hangs. Gives how many were sent until the store began. */
    const sentWith = async (hangs: number): Promise<number> => {
      const { sandbox, old, store } = scene(rotator);
      const controller = new AbortController();
      let requests = 0;
      let sent = 0;
      const fetch: Sandbox["fetch"] = (input, init) => {
        if (++requests !== hangs) return sandbox.fetch(input, init);
        setImmediate(() => controller.abort(new Error("enough")));
        return new Promise(() => undefined);
      };
      const put: typeof store.store = (...stored) => {
        sent = requests;
        store.store(...stored);
      };
      const options = { store: put, held: store.held, signal: controller.signal };
      const failure = await rotator.rotate(sandbox, old.id, options, fetch).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (hangs > 0) {
        expect(failure).toMatchObject({ name: "RotationError" });
        expect(await rotator.findOrphans(sandbox, { minAgeMs: 0 })).toEqual([]);
        await expectSafe(rotator, sandbox, old, store);
      }
      return sent;
    };
    const sent = await sentWith(0);
    for (let hangs = 1; hangs <= sent; hangs++) expect(await sentWith(hangs)).toBe(0);
  });

  it.each(["before", "after"] as const)(
    "a create whose answer is lost %s the effect is never sent again, and its key is revoked",
    async (when) => {
      const { sandbox, old, store } = scene(rotator);
      sandbox.fail({ operation: `${provider}.createApiKey`, kind: "lost", when });
      const failure = await failureOf(rotator.rotate(sandbox, old.id, store));
      expect(failure).toMatchObject({
        name: "RotationError",
        step: "create",
        valid: [old.id],
        cause: { name: when === "after" ? "ConnectionError" : "CreateOutcomeUnknownError" },
      });
      expect((failure as Error).message).toMatch(when === "after" ? /was revoked/ : /may still appear/);
      expect(operations(sandbox).filter((operation) => operation === "createApiKey")).toHaveLength(1);
      expect(await rotator.findOrphans(sandbox, { minAgeMs: 0 })).toEqual([]);
    },
  );

  it("the answer to the revocation of the key in use may be lost: the new key is asked", async () => {
    // A key that is rotated there cannot be the credential.
    if (["openrouter", "openaiproject", "unleash"].includes(provider)) return;
    const { sandbox, old, store } = scene(rotator);
    sandbox.fail({ operation: `${provider}.deleteApiKey`, kind: "lost", when: "after" });
    let revoked = false;
    const fetch: Sandbox["fetch"] = async (input, init) => {
      const headers = new Headers(init?.headers);
      const own = headers.get("authorization") === `Bearer ${old.secret}`;
      if (revoked && own) {
        // Estuary honours a revoked key for a while; here that while is over.
        return refused(provider);
      }
      if (init?.method === "DELETE") revoked = true;
      return sandbox.fetch(input, init);
    };
    // Once more after the loss, which is then refused: the key is gone.
    const failing = rotator.rotate(sandbox, old.id, store, retrying(fetch), old.secret);
    expect(await failing).toMatchObject({ retired: "revoked" });
    expect((await rotator.list(sandbox)).map(({ id }) => id)).not.toContain(old.id);
  });

  it("the key in use may be refused although nothing has revoked it: the new key revokes it", async () => {
    // A key that is rotated there cannot be the credential.
    if (["openrouter", "openaiproject", "unleash"].includes(provider)) return;
    const { sandbox, old, store } = scene(rotator);
    const fetch: Sandbox["fetch"] = (input, init) => {
      const own = new Headers(init?.headers).get("authorization") === `Bearer ${old.secret}`;
      return own && init?.method === "DELETE" ? Promise.resolve(refused(provider)) : sandbox.fetch(input, init);
    };
    const rotation = await rotator.rotate(sandbox, old.id, store, fetch, old.secret);
    expect(rotation).toMatchObject({ retired: "revoked" });
    expect((await rotator.list(sandbox)).map(({ id }) => id)).not.toContain(old.id);
  });

  it("two rotators that read before either creates: never two successes, and access is never lost", async () => {
    const { sandbox, old, store } = scene(rotator);
    let creating = 0;
    const fetch: Sandbox["fetch"] = async (input, init) => {
      if (init?.method === "POST") {
        creating++;
        await until(() => creating === 2);
      }
      return sandbox.fetch(input, init);
    };
    const other = await elsewhere(rotator);
    const runs = await Promise.allSettled([
      rotator.rotate(sandbox, old.id, store, fetch),
      other.rotate(sandbox, old.id, store, fetch),
    ]);
    expect(runs.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
    expect(await rotator.works(sandbox, store.current.secret)).toBe(true);
  });

  it.each([
    { title: "a rival's key appears", says: "another rotation has made a key, too" },
    { title: "the old key is gone", says: "another rotation has retired the old key" },
    { title: "the new key is gone", says: "the new key is not listed as live" },
    { title: "the store holds another key", says: "the store no longer holds the new key" },
  ])("when $title while it is stored, nothing is retired", async ({ says }) => {
    const { sandbox, old, store } = scene(rotator);
    const mark = traced("ci", newTrace(fingerprint(provider, old.id), Date.now()));
    const failure = await failureOf(
      rotator.rotate(sandbox, old.id, {
        store: async (secret, key) => {
          store.store(secret, key);
          if (says.includes("made a key")) table[provider].issue(sandbox, mark);
          if (says.includes("retired")) await rotator.revoke(sandbox, old.id);
          if (says.includes("listed")) await rotator.revoke(sandbox, key.id);
        },
        held: (id) => !says.includes("store") && store.held(id),
      }),
    );
    expect(failure).toMatchObject({ step: "confirm", message: expect.stringContaining(says) as string });
    expect((failure as RotationError).successor?.id).toBe(store.current.id);
    const kept = (await rotator.list(sandbox)).map(({ id }) => id);
    expect(kept.includes(old.id)).toBe(!says.includes("retired"));
    expect(kept.includes(store.current.id)).toBe(!says.includes("listed"));
    expect((failure as RotationError).valid).toEqual([old.id, store.current.id].filter((id) => kept.includes(id)));
  });

  it.each([
    { given: "nothing was left by an earlier one", left: false, stored: false, want: { healed: false } },
    { given: "the store holds what an earlier one left", left: true, stored: true, want: { healed: true } },
    { given: "nobody holds what an earlier one left", left: true, stored: false, want: { healed: false } },
  ])("says whether it only finished an earlier one, $want: $given", async ({ left, stored, want }) => {
    const { sandbox, old } = scene(rotator);
    const mark = traced("ci", newTrace(fingerprint(provider, old.id), Date.now()));
    const earlier = left ? table[provider].issue(sandbox, mark) : old;
    const store = memoryStore(stored ? earlier : old);
    const options = { store: store.store, held: store.held, minAgeMs: 0 };
    const rotation = await rotator.rotate(sandbox, old.id, options);
    expect(rotation).toMatchObject({ ...want, retired: "revoked", new: { id: store.current.id } });
    expect(store.current.id === earlier.id).toBe(want.healed);
    const kept = (await rotator.list(sandbox)).filter(({ name }) => name === "ci").map(({ id }) => id);
    expect(kept).toEqual([store.current.id]);
  });

  it("a plaintext in place of an id is refused, and nowhere shown", async () => {
    const { sandbox, old, store } = scene(rotator);
    const opened: unknown[] = [];
    const journal: Journal = {
      open: (entry) => {
        opened.push(entry);
        return Promise.resolve(undefined);
      },
      note: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const failure = await failureOf(rotator.rotate(sandbox, old.secret, { ...store, journal }));
    expect(failure).toMatchObject({ name: "BadRequestError", provider, operation: "rotate" });
    expect(shown(failure).join("\n")).not.toContain(old.secret);
    expect(opened).toEqual([]);
    expect(sandbox.requests).toEqual([]);
  });

  it("a key that another rotation has retired meanwhile gets no second successor: the new key is revoked", async () => {
    const { sandbox, old, store } = scene(rotator);
    const failure = await failureOf(
      rotator.rotate(sandbox, old.id, {
        ...store,
        onStep: async (step) => {
          if (step === "claim") await rotator.revoke(sandbox, old.id);
        },
      }),
    );
    expect(failure).toMatchObject({
      name: "RotationError",
      step: "claim",
      message: expect.stringMatching(
        /has retired the old key meanwhile\..* the old one is no longer listed\.$/,
      ) as string,
      successor: undefined,
      valid: [],
    });
    expect(store.current.id).toBe(old.id);
    expect((await rotator.list(sandbox)).filter(({ name }) => name === "ci")).toEqual([]);
  });

  it("a rotation that is under way refuses a second one, in this process and in another", async () => {
    const { sandbox, old, store } = scene(rotator);
    let storing = false;
    void rotator.rotate(sandbox, old.id, {
      store: () => {
        storing = true;
        return new Promise(() => undefined);
      },
    });
    await until(() => storing);
    const sent = sandbox.requests.length;
    expect(await failureOf(rotator.rotate(sandbox, old.id, store))).toBeInstanceOf(RotationPendingError);
    expect(sandbox.requests).toHaveLength(sent);
    const other = await elsewhere(rotator);
    const pending = { name: "RotationPendingError", sibling: { name: "ci" } };
    expect(await failureOf(other.rotate(sandbox, old.id, { store: store.store }))).toMatchObject(pending);
    // Nor is it finished or undone while it may be under way.
    expect(await failureOf(other.rotate(sandbox, old.id, store))).toMatchObject(pending);
  });

  it("a collector that looks at a live rotation leaves it alone", async () => {
    const { sandbox, old, store } = scene(rotator);
    const verdicts: string[] = [];
    await rotator.rotate(sandbox, old.id, {
      ...store,
      prepare: async () => {
        for (const { verdict } of await rotator.findOrphans(sandbox, { held: store.held })) verdicts.push(verdict);
      },
    });
    expect(verdicts).toEqual(["in-flight"]);
  });

  it("a journal is opened before anything is created, knows of doubt, and holds no secret", async () => {
    const { sandbox, old, store } = scene(rotator);
    const lines: string[] = [];
    const open = new Set<string>();
    const journal: Journal = {
      open: (entry) => {
        if (open.has(entry.id)) return Promise.reject(new Error("still open"));
        open.add(entry.id);
        lines.push(JSON.stringify(["open", entry, operations(sandbox).includes("createApiKey")]));
        return Promise.resolve(undefined);
      },
      note: (entry) => Promise.resolve(void lines.push(JSON.stringify(["note", entry]))),
      close: ({ id }) => Promise.resolve(void open.delete(id)),
    };
    await failureOf(rotator.rotate(sandbox, old.id, { store: () => Promise.reject(new Error("doubt")), journal }));
    expect(open).toEqual(new Set([old.id]));
    expect(await failureOf(rotator.rotate(sandbox, old.id, { ...store, journal }))).toBeInstanceOf(
      RotationPendingError,
    );
    // One that only found another rotation under way leaves nothing open of its own.
    const pending = scene(rotator);
    const mark = traced("ci", newTrace(fingerprint(provider, pending.old.id), Date.now()));
    table[provider].issue(pending.sandbox, mark);
    const refused = rotator.rotate(pending.sandbox, pending.old.id, { ...pending.store, journal });
    expect(await failureOf(refused)).toBeInstanceOf(RotationPendingError);
    expect(open).toEqual(new Set([old.id]));
    expect(lines[0]).toContain('"open"');
    expect(lines[0]).toContain("false]");
    expect(lines.join()).not.toMatch(/EST.+ARY|sk-or-v1-[0-9a-f]{60}|CCDB1_\w{22}_/);
  });
});

describe("what a copy cannot carry over is said or refused:", () => {
  const rotating = (sandbox: Sandbox, id: string) =>
    rotate(openrouter(through(sandbox, "openrouter")), id, { store: (secret) => void secret.reveal() });

  it("OpenRouter: limits, resets, BYOK, expiry and workspace are carried over", async () => {
    const sandbox = createSandbox();
    const keys = openrouter(through(sandbox, "openrouter"));
    const workspaceId = "11111111-1111-4111-8111-111111111111";
    const old = await keys.create({
      name: "c",
      limit: 9,
      limitReset: "weekly",
      includeByokInLimit: true,
      expiresAt: "2099-01-01T00:00:00Z",
      workspaceId,
    });
    const { new: made } = await rotating(sandbox, old.id);
    expect(made.raw).toMatchObject({
      limit: 9,
      limit_reset: "weekly",
      include_byok_in_limit: true,
      workspace_id: workspaceId,
    });
    expect(Date.parse(made.expiresAt ?? "")).toBe(Date.parse("2099-01-01T00:00:00Z"));
  });

  it("OpenRouter: of a lifetime limit the successor may spend what remains", async () => {
    const sandbox = createSandbox();
    const keys = openrouter(through(sandbox, "openrouter"));
    const old = await keys.create({ name: "c", limit: 9 });
    sandbox.spend(old.id, 2.5);
    expect((await rotating(sandbox, old.id)).new.raw.limit).toBe(6.5);
  });

  it("OpenRouter: the management key in use cannot be rotated, and it is said where it can", async () => {
    const sandbox = createSandbox();
    const [own] = await openrouter(through(sandbox, "openrouter")).list().toArray();
    const failure = await failureOf(rotating(sandbox, own?.id ?? ""));
    expect(failure).toMatchObject({ step: "read", message: expect.stringContaining("web console") as string });
  });

  it("OpenRouter: disabling instead of revoking leaves a mark that a sweep knows", async () => {
    const sandbox = createSandbox();
    const keys = openrouter(through(sandbox, "openrouter"));
    const old = await keys.create({ name: "c" });
    expect(await rotate(keys, old.id, { store: (secret) => void secret.reveal(), retire: "disable" })).toMatchObject({
      retired: "disabled",
      new: { name: "c" },
    });
    expect(await keys.get(old.id)).toMatchObject({ disabled: true, name: "c", trace: "ks1.retired" });
  });

  it.each([
    {
      title: "a disabled key",
      make: (sandbox: Sandbox) => sandbox.issue("openrouter", { disabled: true }).id,
      says: "it is disabled",
    },
    {
      title: "a key that expires within the hour",
      make: (sandbox: Sandbox) =>
        sandbox.issue("openrouter", { expiresAt: new Date(Date.now() + 60_000).toISOString() }).id,
      says: "Override the expiry",
    },
    { title: "a key that is not there", make: () => "none", says: "404" },
  ])("$title", async ({ make, says }) => {
    const sandbox = createSandbox();
    const failure = await failureOf(rotating(sandbox, make(sandbox)));
    expect(failure).toMatchObject({
      name: "RotationError",
      step: "read",
      message: expect.stringContaining(says) as string,
    });
    expect(operations(sandbox)).not.toContain("createApiKey");
  });

  it("a difference between what was asked for and what came stops it", async () => {
    const sandbox = createSandbox();
    const keys = openrouter({
      ...through(sandbox, "openrouter"),
      fetch: async (input, init) => {
        const response = await sandbox.fetch(input, init);
        if (init.method !== "POST") return response;
        const body = (await response.json()) as { data: { limit: number } };
        return Response.json({ ...body, data: { ...body.data, limit: 1_000 } }, { status: 201 });
      },
    });
    const old = await keys.create({ name: "c", limit: 5 });
    const failure = await failureOf(rotate(keys, old.id, { store: (secret) => void secret.reveal() }));
    expect(failure).toMatchObject({
      step: "create",
      message: expect.stringContaining("not as it was asked for (limit)") as string,
      valid: [old.id],
    });
    expect(await keys.list().toArray()).toHaveLength(2);
  });
});

/** The same as in another process, where nothing of this one's memory is known. */
async function elsewhere({ provider }: Rotator): Promise<Rotator> {
  vi.resetModules();
  const fresh = await import("./rotators.js");
  const found = fresh.rotators.find((one) => one.provider === provider);
  if (!found) throw new Error(`no rotator for ${provider}`);
  return found;
}

/** Sends once more what was lost, as retries do. */
function retrying(fetch: Sandbox["fetch"]): Sandbox["fetch"] {
  return (input, init) => fetch(input, init).catch(() => fetch(input, init));
}
