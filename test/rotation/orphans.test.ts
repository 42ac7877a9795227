import { describe, expect, it } from "vitest";
import {
  cockroach,
  findOrphans,
  openrouter,
  retireDue,
  revokeOrphans,
  rotate,
  Secret,
  type OpenRouterKeys,
} from "../../src/index.js";
import { newTrace, fingerprint, traced } from "../../src/rotation/trace.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, table, through } from "../helpers/providers.js";
import { rotators, type Rotator } from "./rotators.js";

const HOUR_MS = 3_600_000;

/** Puts there what a rotation of `predecessor` would have left, so many hours ago. */
function leftover(sandbox: Sandbox, predecessor: string, hoursAgo: number): string {
  const then = Date.now() - hoursAgo * HOUR_MS;
  const name = traced("ci", newTrace(fingerprint("openrouter", predecessor), then));
  return sandbox.issue("openrouter", { name, createdAt: new Date(then).toISOString() }).id;
}

let aheadMs = 0;

function scene() {
  aheadMs = 0;
  const sandbox = createSandbox({ now: () => Date.now() + aheadMs });
  const keys = openrouter(through(sandbox, "openrouter"));
  const old = sandbox.issue("openrouter", { name: "ci" }).id;
  const ids = async () => (await keys.list().toArray()).map(({ id }) => id);
  return { sandbox, keys, old, ids };
}

describe("findOrphans judges", () => {
  it.each([
    { title: "a young key: in flight", hours: 0.5, held: "none", verdict: "in-flight" },
    {
      title: "one that the store holds, whose predecessor lives: unretired",
      hours: 2,
      held: "new",
      verdict: "unretired",
    },
    {
      title: "one that the store holds, whose predecessor is gone: complete",
      hours: 2,
      held: "new",
      gone: true,
      verdict: "complete",
    },
    { title: "one that the store does not hold: an orphan", hours: 2, held: "old", verdict: "orphan" },
    {
      title: "without a store, one whose predecessor is gone: presumed complete",
      hours: 2,
      gone: true,
      verdict: "presumed-complete",
    },
    { title: "without a store, one whose predecessor lives: unknown", hours: 2, verdict: "unknown" },
    { title: "without a store, one of two siblings: unknown", hours: 2, gone: true, sibling: true, verdict: "unknown" },
  ])("$title", async ({ hours, held, gone, sibling, verdict }) => {
    const { sandbox, keys, old } = scene();
    const made = leftover(sandbox, old, hours);
    if (sibling) leftover(sandbox, old, hours);
    if (gone) await keys.revoke(old);
    const holds = held && ((id: string) => id === { none: "", new: made, old }[held]);
    const found = await findOrphans(keys, holds ? { held: holds } : {});
    expect(found.find(({ key }) => key.id === made)).toMatchObject({ verdict, key: { name: "ci" } });
    expect(found.find(({ key }) => key.id === made)?.predecessor?.id).toBe(gone ? undefined : old);
  });

  it("disabled and expired keys, too, and no key that carries no trace", async () => {
    const { sandbox, keys, old } = scene();
    const made = leftover(sandbox, old, 2);
    await keys.update(made, { disabled: true });
    const found = await findOrphans(keys, { held: (id) => id === old });
    expect(found.map(({ key }) => key.id)).toEqual([made]);
  });

  it("in the workspace that it is told", async () => {
    const { sandbox, keys, old } = scene();
    const workspaceId = "11111111-1111-4111-8111-111111111111";
    sandbox.issue("openrouter", { name: traced("ci", newTrace(fingerprint("openrouter", old), 0)), workspaceId });
    expect(await findOrphans(keys, { minAgeMs: 0 })).toEqual([]);
    expect(await findOrphans(keys, { minAgeMs: 0, workspaceId })).toHaveLength(1);
    // Of the default one, which is looked at for what the key was made to replace, nothing is judged.
    const trace = newTrace(fingerprint("openrouter", old), 0, { workspace: workspaceId });
    sandbox.issue("openrouter", { name: traced("ci", trace) });
    expect(await findOrphans(keys, { minAgeMs: 0 })).toHaveLength(1);
  });
});

describe("revokeOrphans", () => {
  it("revokes what nobody holds while another key of its chain is held, and nothing else", async () => {
    const { sandbox, keys, old, ids } = scene();
    const orphan = leftover(sandbox, old, 2);
    const young = leftover(sandbox, old, 0.1);
    const swept = await revokeOrphans(keys, { held: (id) => id === old });
    expect(swept).toMatchObject([{ key: { id: orphan } }]);
    expect(await ids()).toEqual(expect.arrayContaining([old, young]));
    expect(await ids()).not.toContain(orphan);
  });

  it("spares a key while the store holds none of its chain: that store is not what it seems", async () => {
    const { sandbox, keys, old, ids } = scene();
    const orphan = leftover(sandbox, old, 2);
    const [swept] = await revokeOrphans(keys, { held: () => false });
    expect(swept?.error).toMatchObject({
      name: "BadRequestError",
      message: expect.stringContaining("no other key of the chain") as string,
    });
    expect(await ids()).toContain(orphan);
  });

  it("looks again before it revokes: what was stored meanwhile stays", async () => {
    const { sandbox, keys, old, ids } = scene();
    const made = leftover(sandbox, old, 2);
    await ids();
    const aList = sandbox.requests.length;
    const lists = () => sandbox.requests.length / aList - 1;
    expect(await revokeOrphans(keys, { held: (id) => id === (lists() > 1 ? made : old) })).toEqual([]);
    expect(lists()).toBe(2);
    expect(await ids()).toContain(made);
  });
});

it("revokeOrphans looks again before it revokes each of several: what was stored meanwhile stays", async () => {
  const { sandbox, keys, old, ids } = scene();
  const made = [4, 3, 2].map((hours) => leftover(sandbox, old, hours));
  const [, stored = ""] = made;
  const isRevoked = () => sandbox.requests.some(({ method }) => method === "DELETE");
  const swept = await revokeOrphans(keys, { held: (id) => id === (isRevoked() ? stored : old) });
  expect(swept.map(({ error }) => error)).toEqual([undefined, undefined]);
  expect((await ids()).filter((id) => made.includes(id))).toEqual([stored]);
});

describe("an orphan of whose chain nothing else is left", () => {
  it.each([
    { title: "a key of its name", name: "ci", hasName: "ci", revokes: true },
    { title: "a key of another name", name: "ci", hasName: "deploy", revokes: false },
    { title: "a key without a name, as it has none", name: "", hasName: "", revokes: false },
  ])("is revoked where the store holds $title: $revokes", async ({ name, hasName, revokes }) => {
    const { sandbox, keys, ids } = scene();
    const then = Date.now() - 2 * HOUR_MS;
    const trace = newTrace(fingerprint("openrouter", "what is gone"), then);
    const createdAt = new Date(then).toISOString();
    const orphan = sandbox.issue("openrouter", { name: traced(name, trace), createdAt }).id;
    const stored = sandbox.issue("openrouter", { name: hasName }).id;
    const [swept] = await revokeOrphans(keys, { held: (id) => id === stored });
    expect(swept?.error === undefined).toBe(revokes);
    expect((await ids()).includes(orphan)).toBe(!revokes);
  });
});

describe.each(rotators)("a store that can be read back ($provider)", ({ provider, ...rotator }) => {
  /** A rotation was killed between its two writes, of a secret and of its key's id; `others` are of other stores. */
  function leftover(holds: "old" | "made") {
    const sandbox = createSandbox();
    const old = rotator.issue(sandbox);
    const issue = (predecessor: string, retire?: "keep") => {
      const name = traced("ci", newTrace(fingerprint(provider, predecessor), Date.now(), { retire }));
      return table[provider].issue(sandbox, name);
    };
    const made = issue(old.id);
    const others = [issue("what is gone"), issue(rotator.issue(sandbox).id), issue(old.id, "keep")];
    const store = { old, made }[holds];
    const options = { read: () => store.secret, held: (id: string) => id !== store.id, minAgeMs: 0, after: "1ms" };
    const lives = async (key: { id: string }) => (await rotator.list(sandbox)).some(({ id }) => id === key.id);
    return { sandbox, keys: rotator.connect(sandbox), old, made, others, store, options, lives };
  }

  it.each([
    { holds: "old", verdict: "orphan" },
    { holds: "made", verdict: "unretired" },
  ] as const)("and holds the $holds key, is believed, not its list of ids", async ({ holds, verdict }) => {
    const { keys, old, made, others, store, options, lives } = leftover(holds);
    const found = await findOrphans(keys, options);
    const verdicts = Object.fromEntries(found.map((one) => [one.key.id, one.verdict]));
    expect(verdicts).toEqual({ [made.id]: verdict, ...Object.fromEntries(others.map(({ id }) => [id, "unknown"])) });
    const revoked = await revokeOrphans(keys, options);
    const retired = await retireDue(keys, options);
    expect(revoked.map(({ key }) => key.id)).toEqual(holds === "old" ? [made.id] : []);
    expect(retired.map(({ key }) => key.id)).toEqual(holds === "made" ? [old.id] : []);
    for (const key of [store, ...others]) expect(await lives(key)).toBe(true);
  });

  it.each([
    { title: "nothing", read: () => undefined },
    { title: "the plaintext of no key that is there", read: gone },
    { title: "nobody knows what", read: () => Promise.reject(new Error("vault sealed")) },
  ])("and holds $title, lets nothing be revoked", async ({ read }) => {
    const { sandbox, keys, old, made, options, lives } = leftover("old");
    const given = { ...options, read: () => read(sandbox, rotator) };
    const outcomes = await Promise.allSettled([
      findOrphans(keys, given),
      revokeOrphans(keys, given),
      retireDue(keys, given),
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      const message = expect.stringContaining("which key the store holds cannot be told") as string;
      expect(outcome.reason).toMatchObject({ name: "BadRequestError", message });
    }
    for (const key of [old, made]) expect(await lives(key)).toBe(true);
  });

  it("and holds a key of another provider, sends that nowhere", async () => {
    const { sandbox, keys, options } = leftover("old");
    const other = rotators.find((one) => one.provider !== provider)?.issue(sandbox).secret ?? "";
    const failure = await failureOf(findOrphans(keys, { ...options, read: () => new Secret(other) }));
    expect(failure).toMatchObject({ message: expect.stringContaining("a key of ") as string });
    expect(new Set(sandbox.requests.map(({ operation }) => operation))).toEqual(new Set(["listApiKeys"]));
  });

  it("is read again before each key is retired", async () => {
    const { keys, old, made, options, lives } = leftover("made");
    let asked = 0;
    const read = () => (asked++ === 0 ? made.secret : old.secret);
    expect(await retireDue(keys, { ...options, read })).toEqual([]);
    expect(await lives(old)).toBe(true);
  });
});

/** A plaintext whose key was revoked. */
async function gone(sandbox: Sandbox, rotator: Omit<Rotator, "provider">): Promise<string> {
  const { id, secret } = rotator.issue(sandbox);
  await rotator.revoke(sandbox, id);
  return secret;
}

it.each(["maybe", undefined, 1])(
  "a `held` that says %j says neither yes nor no, and nothing is revoked",
  async (said) => {
    const { sandbox, keys, old, ids } = scene();
    const made = leftover(sandbox, old, 2);
    const held = (id: string) => (id === old ? true : said) as boolean;
    expect(await findOrphans(keys, { held })).toMatchObject([{ key: { id: made }, verdict: "unknown" }]);
    expect(await revokeOrphans(keys, { held })).toEqual([]);
    expect(await ids()).toContain(made);
  },
);

describe("beside another collector", () => {
  it("what that one has revoked is gone, and no failure", async () => {
    const { sandbox, keys, old } = scene();
    const orphan = leftover(sandbox, old, 2);
    const slower = keys.with((options) => ({
      ...options,
      fetch: async (input, init) => {
        if (init.method === "DELETE") await keys.revoke(orphan);
        return sandbox.fetch(input, init);
      },
    }));
    expect(await revokeOrphans(slower, { held: (id) => id === old })).toEqual([
      { key: expect.objectContaining({ id: orphan }) as unknown },
    ]);
  });
});

describe("the age of a key", () => {
  it.each([
    { title: "a server tells it in words that are no time", createdAt: "yesterday", minAgeMs: HOUR_MS },
    { title: "what is asked for is no number", createdAt: undefined, minAgeMs: NaN },
  ])("counts as too young where $title", async ({ createdAt, minAgeMs }) => {
    const { sandbox, old } = scene();
    const keys = openrouter({
      ...through(sandbox, "openrouter"),
      fetch: async (input, init) => {
        const response = await sandbox.fetch(input, init);
        const { data } = (await response.json()) as { data: { created_at: string }[] };
        const shown = data.map((key) => ({ ...key, created_at: createdAt ?? key.created_at }));
        return Response.json({ data: shown }, response);
      },
    });
    leftover(sandbox, old, 0.1);
    expect(await findOrphans(keys, { held: (id) => id === old, minAgeMs })).toMatchObject([{ verdict: "in-flight" }]);
  });
});

describe("retire: later", () => {
  const rotated = async (keys: OpenRouterKeys, id: string, later = "1s") => {
    let stored = "";
    const put = (secret: Secret, key: { id: string }) => {
      secret.reveal();
      stored = key.id;
    };
    await rotate(keys, id, { store: put, retire: { later } });
    // The least that a mark says is a second.
    aheadMs = 2_000;
    return stored;
  };

  it("leaves the old key, until the sweep finds that it is due", async () => {
    const { keys, old, ids } = scene();
    const made = await rotated(keys, old);
    const held = (id: string) => id === made;
    expect(await ids()).toEqual(expect.arrayContaining([old, made]));
    expect(await retireDue(keys, { held, after: "24h" })).toEqual([]);
    expect(await ids()).toContain(old);
    expect(await retireDue(keys, { held, after: "1ms" })).toMatchObject([{ key: { id: old } }]);
    expect(await ids()).not.toContain(old);
  });

  it("says itself when the old key is due, where the sweep is told no time", async () => {
    const { keys, old, ids } = scene();
    const made = await rotated(keys, old, "24h");
    const held = (id: string) => id === made;
    aheadMs = 23 * HOUR_MS;
    expect(await retireDue(keys, { held })).toEqual([]);
    aheadMs = 25 * HOUR_MS;
    expect(await retireDue(keys, { held })).toMatchObject([{ key: { id: old } }]);
    expect(await ids()).not.toContain(old);
  });

  it("is not said by one that was broken off: without a time it is left alone for an hour", async () => {
    const { sandbox, keys, old, ids } = scene();
    const made = leftover(sandbox, old, 0.5);
    const held = (id: string) => id === made;
    expect(await retireDue(keys, { held })).toEqual([]);
    expect(await retireDue(keys, { held, minAgeMs: HOUR_MS / 4 })).toMatchObject([{ key: { id: old } }]);
    expect(await ids()).not.toContain(old);
  });

  it.each(["revoke", "disable"] as const)("and another sweep was faster, that is no failure: %s", async (retire) => {
    const { keys, old } = scene();
    const made = await rotated(keys, old);
    let looks = 0;
    const held = async (id: string) => {
      if (++looks === 2) await keys.revoke(old);
      return id === made;
    };
    const swept = await retireDue(keys, { held, retire, after: "1ms" });
    expect(swept).toEqual([{ key: expect.objectContaining({ id: old }) as object }]);
  });

  it("never retires the predecessor of a key that the store does not hold", async () => {
    const { keys, old, ids } = scene();
    await rotated(keys, old);
    expect(await retireDue(keys, { held: (id) => id === old, after: "1ms" })).toEqual([]);
    expect(await ids()).toContain(old);
  });

  it("never retires the predecessor of a key that is held and does not work", async () => {
    const { keys, old, ids } = scene();
    const made = await rotated(keys, old);
    await keys.update(made, { disabled: true });
    expect(await retireDue(keys, { held: (id) => id === made, after: "1ms" })).toEqual([]);
    expect(await ids()).toContain(old);
  });

  it("does not say that it retired what it spared, as the store had changed", async () => {
    const { keys, old, ids } = scene();
    const made = await rotated(keys, old);
    let asked = 0;
    expect(await retireDue(keys, { held: (id) => id === made && asked++ === 0, after: "1ms" })).toEqual([]);
    expect(await ids()).toContain(old);
  });

  it("can disable, and then leaves alone what is disabled", async () => {
    const { keys, old } = scene();
    const made = await rotated(keys, old);
    const due = { held: (id: string) => id === made, after: "1ms", retire: "disable" } as const;
    await retireDue(keys, due);
    expect(await keys.get(old)).toMatchObject({ disabled: true, name: "ci" });
    expect(await retireDue(keys, due)).toEqual([]);
  });

  it("is not begun where keys are to be disabled that cannot be", async () => {
    const sandbox = createSandbox();
    const keys = cockroach(through(sandbox, "cockroach"));
    const failure = await failureOf(retireDue(keys, { held: () => true, after: "1h", retire: "disable" }));
    expect(failure).toMatchObject({
      kind: "bad-request",
      message: expect.stringContaining("cannot disable") as string,
    });
    expect(sandbox.requests).toEqual([]);
  });

  it.each(["24", "soon", "0h", "-1h"])("%j is no time", async (later) => {
    const { keys, old } = scene();
    expect(await failureOf(rotate(keys, old, { store: () => undefined, retire: { later } }))).toMatchObject({
      step: "read",
    });
    expect(await failureOf(retireDue(keys, { held: () => true, after: later }))).toMatchObject({
      name: "BadRequestError",
    });
  });
});
