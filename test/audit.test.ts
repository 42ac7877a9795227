import { describe, expect, it } from "vitest";
import { audit, cockroach, estuary, openrouter, type ApiKey, type AuditPolicy } from "../src/index.js";
import { fingerprint, newTrace, traceOf, traced } from "../src/rotation/trace.js";
import { createSandbox } from "./conformance/sandbox.js";
import { through } from "./helpers/providers.js";

const now = Date.UTC(2027, 0, 1);
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();

/** An OpenRouter key that nothing is wrong with, but for what is given. */
function key(
  more: Partial<ApiKey<"openrouter">> & {
    limit?: number | null;
    remaining?: number | null;
    lastUsed?: string | null;
    usage?: number;
  } = {},
): ApiKey {
  const { limit = 10, remaining = 10, lastUsed = daysAgo(1), usage, ...fields } = more;
  const raw = { limit, limit_remaining: remaining, last_used_at: lastUsed, usage } as ApiKey<"openrouter">["raw"];
  return {
    provider: "openrouter",
    id: "k",
    name: "ci",
    createdAt: daysAgo(10),
    expiresAt: daysAgo(-200),
    ...(lastUsed && { lastUsedAt: lastUsed }),
    disabled: false,
    raw,
    ...fields,
  };
}

const found = (keys: ApiKey[], policy?: Partial<AuditPolicy>) =>
  audit(keys, policy, { now }).map(({ rule, status, severity }) => `${rule} ${status} ${severity}`);

describe("audit finds", () => {
  it("nothing wrong with a good key", () => {
    expect(audit([key()], {}, { now })).toEqual([]);
  });

  it.each([
    { title: "one that is 90 days old, not yet", given: { createdAt: daysAgo(90) }, want: [] },
    { title: "one that is older", given: { createdAt: daysAgo(91) }, want: ["age finding medium"] },
    { title: "one that was used 45 days ago, not yet", given: { lastUsed: daysAgo(45) }, want: [] },
    { title: "one that was used before that", given: { lastUsed: daysAgo(46) }, want: ["unused finding medium"] },
    {
      title: "one that was never used, by its creation",
      given: { lastUsed: null, createdAt: daysAgo(46) },
      want: ["unused finding medium"],
    },
    { title: "one that was never used, but is new", given: { lastUsed: null, createdAt: daysAgo(40) }, want: [] },
    { title: "one that expires in 31 days, not yet", given: { expiresAt: daysAgo(-31) }, want: [] },
    { title: "one that expires in 30 days", given: { expiresAt: daysAgo(-30) }, want: ["expires-soon finding medium"] },
    { title: "one that expires in 7 days", given: { expiresAt: daysAgo(-7) }, want: ["expires-soon finding high"] },
    { title: "one that expires in 100 years", given: { expiresAt: daysAgo(-36_500) }, want: ["life finding low"] },
    {
      title: "one that has expired, and nothing else of it",
      given: { expiresAt: daysAgo(1), createdAt: daysAgo(900) },
      want: ["expired finding low"],
    },
    {
      title: "one that is disabled, and nothing else of it",
      given: { disabled: true, createdAt: daysAgo(900) },
      want: ["disabled finding low"],
    },
    {
      title: "one that can spend without limit",
      given: { limit: null, remaining: null },
      want: ["no-limit finding medium"],
    },
    {
      title: "one whose window's limit is nearly spent",
      given: { limit: 10, remaining: 0.9 },
      want: ["limit-spent finding medium"],
    },
    { title: "one whose limit is spent by nine tenths, not yet", given: { limit: 10, remaining: 1 }, want: [] },
  ])("$title", ({ given, want }) => {
    expect(found([key(given)])).toEqual(want);
  });

  it.each([
    {
      title: "never used, of a key that is younger than the records",
      given: { createdAt: "2026-02-01T00:00:00Z", lastUsed: null, usage: 0 },
      want: "It was never used in the 120 days of its life; the policy allows 45.",
    },
    {
      title: "no use since the records began, of an older key, which may have been used before",
      given: { createdAt: "2025-03-01T00:00:00Z", lastUsed: null, usage: 12.5 },
      want: "No use of it is recorded since 2025-12-31; the policy allows 45.",
    },
    {
      title: "unknown, of a key that has spent money without a time of use",
      given: { createdAt: "2026-02-01T00:00:00Z", lastUsed: null, usage: 12.5 },
      want: "openrouter does not tell when it was last used.",
    },
  ])("$title", ({ given, want }) => {
    const [first] = audit([key(given)], { maxAgeDays: false }, { now: Date.parse("2026-06-01T00:00:00Z") });
    expect(first).toMatchObject({ rule: "unused", message: want });
  });

  it("one that never expires, where it could", () => {
    const forever = key();
    delete forever.expiresAt;
    expect(found([forever])).toEqual(["life finding low"]);
  });

  it("namesakes, however rotations marked them; not those of another provider, nor the nameless", () => {
    const [one, two] = [key({ id: "a" }), key({ id: "b" })];
    expect(found([one, two])).toEqual(["duplicate-name finding low", "duplicate-name finding low"]);
    expect(found([key({ name: "" }), key({ name: "", id: "b" })])).toEqual([]);
  });

  it("a key whose successor is there", () => {
    const old = key({ id: "old" });
    const trace = traced("", newTrace(fingerprint("openrouter", "old"), now)).slice(1);
    const made = key({ id: "new", name: "ci 2", trace });
    expect(traceOf(made)).toMatchObject({ time: now });
    expect(audit([old, made], {}, { now })).toMatchObject([
      { rule: "unretired", severity: "high", id: "old", message: expect.stringContaining("new") as string },
    ]);
  });

  it.each([
    { title: "keep", retire: "keep" as const, want: [] },
    { title: "retire an hour from now", retire: 3_600_000, want: [] },
    { title: "have retired a while ago", retire: 60_000, want: ["unretired"] },
  ])("of a key that a rotation was to $title: $want", ({ retire, want }) => {
    const old = key({ id: "old" });
    const at = now - 600_000;
    const trace = traced("", { ...newTrace(fingerprint("openrouter", "old"), at), retire }).slice(1);
    const made = key({ id: "new", name: "ci 2", trace, createdAt: new Date(at).toISOString() });
    expect(audit([old, made], {}, { now }).map(({ rule }) => rule)).toEqual(want);
  });

  it("and what a provider does not tell is unknown, not fine", async () => {
    const sandbox = createSandbox();
    const e = await estuary(through(sandbox, "estuary")).list().toArray();
    const c = await cockroach(through(sandbox, "cockroach")).list().toArray();
    expect(found(e, { maxLifeDays: false })).toEqual(expect.arrayContaining(["age unknown low", "unused unknown low"]));
    expect(found(c)).toEqual(expect.arrayContaining(["unused unknown low"]));
    // A CockroachDB Cloud key cannot expire: there is nothing to be done about that.
    expect(found(c).join()).not.toContain("life");
  });

  it("only what the policy asks for, by its figures", () => {
    const off = Object.fromEntries(["maxAgeDays", "maxUnusedDays", "noLimit"].map((rule) => [rule, false]));
    const bad = key({ createdAt: daysAgo(900), lastUsed: daysAgo(800), limit: null, remaining: null });
    expect(found([bad], off)).toEqual([]);
    expect(found([key({ createdAt: daysAgo(8) })], { maxAgeDays: 7 })).toEqual(["age finding medium"]);
  });

  it.each([
    { title: "by its id", exception: { key: "k" }, want: ["age excepted medium"] },
    {
      title: "by its name, which its successors have as well",
      exception: { key: "ci" },
      want: ["age excepted medium"],
    },
    { title: "by a rule", exception: { key: "k", rules: ["age" as const] }, want: ["age excepted medium"] },
    { title: "by another rule", exception: { key: "k", rules: ["unused" as const] }, want: ["age finding medium"] },
    { title: "of another key", exception: { key: "cd" }, want: ["age finding medium"] },
    { title: "until today", exception: { key: "k", until: "2027-01-01" }, want: ["age finding medium"] },
    { title: "until tomorrow", exception: { key: "k", until: "2027-01-02" }, want: ["age excepted medium"] },
    { title: "until nobody knows when", exception: { key: "k", until: "soon" }, want: ["age finding medium"] },
  ])("what an exception allows, $title", ({ exception, want }) => {
    const exceptions = [{ reason: "moves in spring", until: "2027-06-30", ...exception }];
    expect(found([key({ createdAt: daysAgo(100) })], { exceptions })).toEqual(want);
  });

  it("what is excepted of many keys with one look at each exception", () => {
    let looks = 0;
    const exceptions = Array.from({ length: 100 }, (_, at) => ({
      reason: "moves in spring",
      until: "2027-06-30",
      get key() {
        looks++;
        return `k${at}`;
      },
    }));
    const keys = Array.from({ length: 100 }, (_, at) =>
      key({ id: `k${at}`, name: `ci ${at}`, createdAt: daysAgo(91) }),
    );
    expect(found(keys, { exceptions })).toEqual(keys.map(() => "age excepted medium"));
    expect(looks).toBe(100);
  });

  it("says what to do", async () => {
    const sandbox = createSandbox();
    const keys = await openrouter(through(sandbox, "openrouter")).list().toArray();
    for (const { message, advice } of audit(keys)) {
      expect(message).toMatch(/^[A-Z$].*\.$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
    }
  });
});
