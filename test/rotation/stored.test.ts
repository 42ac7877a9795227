/** What the store holds is told from the secret in it; what nobody can tell revokes nothing. */
import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import { NotStoredError, openrouter, rotate, type RotationError, Secret } from "../../src/index.js";
import { fingerprint, newTrace, traced } from "../../src/rotation/trace.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, table, through } from "../helpers/providers.js";
import { memoryStore, rotators } from "./rotators.js";
import { scene, simulated, waitedFor } from "./scene.js";

afterEach(() => vi.useRealTimers());

describe.each(rotators)("a store that can be read back ($provider)", (rotator) => {
  const { provider } = rotator;

  /** An earlier rotation made a key, and was killed while it was stored. */
  function leftover() {
    const sandbox = createSandbox({ now: Date.now });
    const old = rotator.issue(sandbox);
    const mark = traced("ci", newTrace(fingerprint(provider, old.id), Date.now()));
    const made = table[provider].issue(sandbox, mark);
    const ids = async () => (await rotator.list(sandbox)).map(({ id }) => id);
    return { sandbox, old, made, ids };
  }

  it("is read once a rotation has stored its key, and the old one is retired", async () => {
    const sandbox = createSandbox({ now: Date.now });
    const { read, store, ...held } = memoryStore(rotator.issue(sandbox));
    const old = held.current.id;
    const given = { store, read: () => new Secret(`${read() ?? ""}\n`), held: () => false };
    expect(await rotator.rotate(sandbox, old, given)).toMatchObject({ retired: "revoked", healed: false });
  });

  it.each([
    { holds: "made", ids: "the old one", want: { healed: true } },
    { holds: "old", ids: "the new one", want: { healed: false } },
  ] as const)("and holds the $holds key, is believed, not its list of ids ($ids)", async ({ holds, want }) => {
    const { sandbox, old, made, ids } = leftover();
    const store = memoryStore(holds === "made" ? made : old);
    const held = (id: string) => id === (holds === "made" ? old : made).id;
    const given = { store: store.store, read: store.read, held, minAgeMs: 0 };
    const rotation = await rotator.rotate(sandbox, old.id, given);
    expect(rotation).toMatchObject({ ...want, retired: "revoked" });
    expect(await rotator.works(sandbox, store.current.secret)).toBe(true);
    expect(await ids()).toContain(store.current.id);
    expect(await ids()).not.toContain(old.id);
  });

  it.each([
    { title: "nothing", read: () => undefined },
    { title: "what is no key", read: () => "[secret]" },
    { title: "nobody knows what", read: () => Promise.reject(new Error("vault sealed")) },
  ])("and holds $title, lets nothing be revoked", async ({ read }) => {
    const { sandbox, old, made, ids } = leftover();
    const failure = await failureOf(rotator.rotate(sandbox, old.id, { store: () => undefined, read, minAgeMs: 0 }));
    expect(failure).toMatchObject({ name: "RotationError", step: "read", valid: [old.id, made.id] });
    expect(await ids()).toEqual(expect.arrayContaining([old.id, made.id]));
  });

  it("and holds another key when the new one is confirmed, keeps both", async () => {
    const sandbox = createSandbox({ now: Date.now });
    const store = memoryStore(rotator.issue(sandbox));
    const old = store.current;
    const put = (secret: Secret) => void secret.reveal();
    const failure = await failureOf(rotator.rotate(sandbox, old.id, { store: put, read: store.read }));
    const message = expect.stringContaining("no longer holds the new key") as string;
    expect(failure).toMatchObject({ step: "confirm", message, valid: [old.id, expect.any(String) as string] });
  });
});

it("two keys that look alike leave doubt, and nothing is revoked", async () => {
  const { sandbox, old, rotating, ids, store } = scene(async (_, response) => {
    const { data, ...rest } = (await response.json()) as { data: object | object[] };
    // As the list shows its keys, and as the store's key is told of itself; the management key in use is another.
    const alike = (key: object) => ({ ...key, label: "sk-or-v1-0e6...1c9" });
    const own = "is_management_key" in data && data.is_management_key === false;
    const shown = { ...rest, data: Array.isArray(data) ? data.map(alike) : own ? alike(data) : data };
    return Response.json(shown, { status: response.status, headers: response.headers });
  });
  const mark = traced("ci", newTrace(fingerprint("openrouter", old), Date.now()));
  const made = sandbox.issue("openrouter", { name: mark });
  const failure = await failureOf(rotating({ read: store.read, minAgeMs: 0 }));
  const message = expect.stringContaining("Nobody can tell whether the store holds") as string;
  expect(failure).toMatchObject({ step: "read", message, valid: [old, made.id] });
  expect(await ids()).toEqual(expect.arrayContaining([old, made.id]));
});

describe("a store that resolves and never asked for the plaintext", () => {
  it.each([
    { title: "writes the secret as text", put: (secret: Secret) => `${secret}` }, // oxlint-disable-line typescript/restrict-template-expressions -- the mistake
    { title: "writes it as JSON", put: (secret: Secret) => JSON.stringify({ value: secret }) },
    { title: "forgets it", put: () => undefined },
  ])("has stored nothing, and both keys stay: it $title", async ({ put }) => {
    const { old, rotating, ids } = scene();
    let held = old;
    const verify = (secret: Secret) => void secret.reveal();
    const store = (secret: Secret, { id }: { id: string }) => {
      put(secret);
      held = id;
    };
    const failure = (await failureOf(rotating({ store, verify, held: (id) => id === held }))) as RotationError;
    expect(failure).toMatchObject({ step: "store", message: expect.stringContaining("reveal()") as string });
    expect(failure.valid).toEqual([old, held]);
    expect(await ids()).toEqual(expect.arrayContaining(failure.valid));
  });
});

describe("a store that failed", () => {
  const fail = (secret: Secret) => {
    secret.reveal();
    throw new Error("no answer");
  };

  it.each([
    { title: "is asked by `held` alone", given: { held: () => false } },
    { title: "is read, and nobody knows until when its write may land", given: { read: () => "what it held" } },
    { title: "cannot be read any more", given: { read: once(() => "what it held"), settleMs: 1 } },
    { title: "is given a time that is none", given: { read: () => "old", settleMs: NaN } },
    { title: "holds nothing, neither before nor after", given: { read: () => undefined, settleMs: 1 } },
    { title: "is written to a little later", given: { read: changing("old", "old", "new"), settleMs: 1 } },
  ])("may hold the new key where it $title: both stay", async ({ given }) => {
    const { old, rotating, ids } = scene();
    const failure = (await failureOf(rotating({ store: fail, ...given }))) as RotationError;
    expect(failure).toMatchObject({ step: "store", valid: [old, expect.any(String) as string] });
    expect(await ids()).toEqual(expect.arrayContaining(failure.valid));
  });

  it.each([
    { title: "it says so itself", store: () => Promise.reject(new NotStoredError("disk full")), given: {} },
    {
      title: "it holds what it held, once no write lands any more",
      store: fail,
      given: { read: () => "old", settleMs: 1 },
    },
  ])("does not hold the new key, which is revoked, where $title", async ({ store, given }) => {
    const { old, rotating, ids } = scene();
    expect(await failureOf(rotating({ store, ...given }))).toMatchObject({ step: "store", valid: [old] });
    expect((await ids()).filter((id) => id !== old)).toHaveLength(1); // the credential
  });

  it("to be read before it was written to is not written to", async () => {
    const { old, rotating } = scene();
    const read = () => Promise.reject(new Error("vault sealed"));
    expect(await failureOf(rotating({ read, settleMs: 1 }))).toMatchObject({ step: "store", valid: [old] });
  });

  it("is looked at for as long as it says that a write may land", async () => {
    simulated();
    const { rotating } = scene();
    const looks: number[] = [];
    const read = () => {
      looks.push(Date.now());
      return "old";
    };
    await waitedFor(failureOf(rotating({ store: fail, read, settleMs: 20_000 })));
    expect((looks[2] ?? 0) - (looks[1] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });
});

describe("what never ends", () => {
  const hang = () => new Promise<never>(() => undefined);

  it("in the store is doubt once its time is up: both keys stay", async () => {
    simulated();
    const { old, rotating } = scene();
    const failure = await waitedFor(failureOf(rotating({ store: hang })));
    const message = expect.stringContaining("store has not ended") as string;
    expect(failure).toMatchObject({ step: "store", message, valid: [old, expect.any(String) as string] });
  });

  it("in the store may still write, so no look at it proves anything", async () => {
    simulated();
    const { old, rotating } = scene();
    const failure = await waitedFor(failureOf(rotating({ store: hang, read: () => "old", settleMs: 1 })));
    expect(failure).toMatchObject({ step: "store", valid: [old, expect.any(String) as string] });
  });

  it.each(["prepare", "verify"] as const)("in %s ends with the deadline, and is undone", async (name) => {
    const { old, rotating } = scene();
    const failure = await failureOf(rotating({ [name]: hang, deadlineMs: 20 }));
    const message = expect.stringContaining(`${name} has not ended`) as string;
    expect(failure).toMatchObject({ step: name, message, valid: [old] });
  });

  it.each(["prepare", "verify"] as const)("in %s ends with the signal, and is undone", async (name) => {
    const { old, rotating } = scene();
    const controller = new AbortController();
    const stuck = () => {
      setImmediate(() => controller.abort(new Error("enough")));
      return hang();
    };
    const failure = await failureOf(rotating({ [name]: stuck, signal: controller.signal }));
    expect(failure).toMatchObject({ step: name, cause: controller.signal.reason as Error, valid: [old] });
  });

  it.each(["held", "read"] as const)("in %s keeps both keys", async (name) => {
    simulated();
    const { old, rotating, store } = scene();
    const failure = await waitedFor(failureOf(rotating({ [name]: hang })));
    const message = expect.stringContaining(`${name} has not ended`) as string;
    expect(failure).toMatchObject({ step: "confirm", message, valid: [old, store.current.id] });
  });

  it("in who looks on, or takes notes, does not hold the rotation up", async () => {
    simulated();
    const { rotating } = scene();
    const journal = { open: () => Promise.resolve(undefined), note: hang, close: hang };
    expect(await waitedFor(rotating({ journal, onStep: hang }))).toMatchObject({ retired: "revoked" });
  });

  it("where a journal is opened lets no rotation begin", async () => {
    const { rotating, sandbox } = scene();
    const journal = { open: hang, note: hang, close: hang };
    const failure = await failureOf(rotating({ journal, deadlineMs: 20 }));
    expect(failure).toMatchObject({ name: "RotationPendingError" });
    expect(sandbox.requests).toEqual([]);
  });
});

describe("what a caller's function gives", () => {
  const refusals: [what: string, given: () => unknown][] = [
    ["false", () => false],
    ["a response that is not ok", () => new Response("permission denied", { status: 403 })],
    ["an answer of another client", () => ({ statusCode: 500, body: {} })],
    ["one that says what was wrong with the request", () => ({ statusCode: 400 })],
    ["an answer that is not ok, whatever its status", () => ({ ok: false, status: 200 })],
    ["an error beside no data", () => ({ data: null, error: { message: "row-level security" } })],
    ["the result of a program that failed", () => spawnSync(process.execPath, ["-e", "process.exit(2)"])],
    ["the result of a program that there is none of", () => spawnSync("./no-such-program")],
    ["a program that is still running", () => ({ pid: 1, exitCode: null })],
  ];

  it.each(refusals)("in store, and is %s, has perhaps not stored the key: both stay", async (_, given) => {
    const { old, ids, rotating } = scene();
    const store = (secret: Secret) => {
      secret.reveal();
      return given();
    };
    const failure = (await failureOf(rotating({ store }))) as RotationError;
    expect(failure).toMatchObject({ step: "store", message: expect.stringContaining("store gave") as string });
    expect(failure.valid).toEqual([old, failure.successor?.id]);
    expect(await ids()).toEqual(expect.arrayContaining(failure.valid));
  });

  it.each(refusals)("in prepare or verify, and is %s, undoes the rotation", async (_, given) => {
    for (const step of ["prepare", "verify"] as const) {
      const { old, rotating } = scene();
      expect(await failureOf(rotating({ [step]: given }))).toMatchObject({ step, valid: [old] });
    }
  });

  it.each([
    undefined,
    true,
    "OK",
    null,
    0,
    [],
    new Map(),
    new Response(),
    { status: 200, error: null },
    { ok: true },
    { error: () => undefined },
    spawnSync(process.execPath, ["-e", ""]),
  ])("and says nothing of a failure is done: %o", async (given) => {
    const { rotating } = scene();
    const store = (secret: Secret) => {
      secret.reveal();
      return given;
    };
    const does = () => given;
    expect(await rotating({ store, prepare: does, verify: does })).toMatchObject({ retired: "revoked" });
  });
});

it("a read that gives a whole file is told so, and both keys stay", async () => {
  const { old, rotating } = scene();
  const failure = await failureOf(rotating({ read: () => "x".repeat(1_000_000) }));
  expect(failure).toMatchObject({ step: "confirm", valid: [old, expect.any(String) as string] });
  expect(String(failure)).toContain("read gave more than a secret.");
});

it("a name that is given as a server has it leaves no trace of an earlier rotation on the new key", async () => {
  const { rotating } = scene();
  const name = traced("ours", newTrace(fingerprint("openrouter", "of long ago"), Date.now()));
  const rotation = await rotating({ overrides: { name } });
  expect(rotation.new).toMatchObject({
    name: "ours",
    raw: { name: expect.stringMatching(/^ours ~ks1\.\S+$/) as string },
  });
  expect(rotation.new.trace).toBeUndefined();
});

it("a clock that is set back makes nobody wait for longer", async () => {
  const { rotating } = scene();
  const now = vi.spyOn(Date, "now");
  const begun = performance.now();
  const hang = () => {
    now.mockReturnValue(0);
    return new Promise<never>(() => undefined);
  };
  await failureOf(rotating({ prepare: hang, deadlineMs: 20 })).finally(() => now.mockRestore());
  expect(performance.now() - begun).toBeLessThan(600_000);
});

describe("what a caller's function throws", () => {
  it.each(["prepare", "verify", "store", "held", "read"] as const)(
    "is told without the plaintext: %s",
    async (name) => {
      const sandbox = createSandbox({ now: Date.now });
      const { id } = sandbox.issue("openrouter", { name: "ci" });
      let plaintext = "";
      const note = (secret: Secret) => {
        plaintext = secret.reveal();
      };
      const noteAndFail = (secret: Secret) => {
        note(secret);
        fail();
      };
      const fail = () => {
        const request = { body: JSON.stringify({ value: plaintext }) };
        throw Object.assign(new Error(`PUT /secret ${plaintext}`, { cause: request }), { request });
      };
      const failing = { [name]: name === "store" ? noteAndFail : fail };
      const given = { verify: note, store: note, ...failing };
      if (name === "verify") given.verify = noteAndFail;
      const failure = await failureOf(rotate(openrouter(through(sandbox, "openrouter")), id, given));
      const texts = [failure, (failure as Error).cause].map((error) => [
        (error as Error).message,
        (error as Error).stack,
        JSON.stringify(error),
        JSON.stringify((error as Error).cause ?? null),
      ]);
      expect(texts.flat().join()).toContain("PUT /secret");
      if (plaintext) expect(texts.flat().join()).not.toContain(plaintext);
      expect(Object.keys((failure as { cause: object }).cause)).toEqual(["name"]);
    },
  );
});

/** Gives its answer once, and fails from then on. */
function once<T>(answer: () => T): () => T {
  let asked = false;
  return () => {
    if (asked) throw new Error("vault sealed");
    asked = true;
    return answer();
  };
}

/** Gives one answer after another. */
function changing(...answers: string[]): () => string | undefined {
  return () => answers.shift();
}

it("a key of another provider that a store gives is not sent to this one", async () => {
  const sent: (string | null)[] = [];
  const stranger = `CCDB1_${"a".repeat(22)}_${"b".repeat(40)}`;
  const sandbox = createSandbox();
  const { id } = sandbox.issue("openrouter", { name: "ci", limit: 1 });
  const keys = openrouter({
    ...through(sandbox, "openrouter"),
    fetch: (input, init) => {
      sent.push(new Headers(init.headers).get("authorization"));
      return sandbox.fetch(input, init);
    },
  });
  const failure = await failureOf(rotate(keys, id, { store: (secret) => secret.reveal(), read: () => stranger }));
  expect(String(failure)).toContain("read gave a key of cockroach");
  expect(sent).not.toContain(`Bearer ${stranger}`);
});
