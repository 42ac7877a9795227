/** What is to happen in one simulation: who does what, when, and what goes wrong. Plain data, which fast-check shrinks. */
import fc from "fast-check";
import type { ProviderName } from "../../src/index.js";

/**
 * How a store errs. `throws`: it wrote nothing, and does not say so. `writes late`: it fails, and what it wrote counts 20 s
 * later. `forgets`: it resolves without having written. `does not reveal`: the same, and it never looked at the secret.
 */
export type StoreKind =
  // The first one errs in nothing.
  "writes" | "writes and throws" | "throws" | "says it did not store" | "writes late" | "forgets" | "does not reveal";

/** What becomes of a request. `arrives late`: its effect comes 40 s later, when nobody waits for an answer any more. */
export type FaultKind =
  | "is refused"
  | "is lost before"
  | "is lost after"
  | "is answered 429"
  | "is answered 503"
  | "is done and answered 503"
  | "hangs before"
  | "hangs after"
  | "arrives late";

/** Something that happens to a process at one of its steps; each request and each call of the store has two. */
interface Jump {
  step: number;
  ms: number;
}

/** One process. Times are in milliseconds. */
export interface Plan {
  /** All that rotate or sweep are for the first key but `rotate all`. */
  does: "rotate" | "rotate all" | "find orphans" | "revoke orphans" | "retire due";
  /** When it starts. */
  at: number;
  /** How far its clock is ahead of the server's, and when it is set to another time. */
  clock: number;
  jump: Jump | null;
  /** What is rotated: always the key that was there first, or the one that the store holds by then. */
  target: "first" | "stored";
  /** Whether its credential is the key that the store holds when it starts. */
  own: boolean;
  /** How the store is asked what it holds. A sweep always asks. */
  look: "held" | "read" | "nothing";
  /** How old what each look sees is, in turn. */
  looks: number[];
  /** Where it runs: only there can be seen whether a process of the journal lives. */
  host: string;
  store: StoreKind;
  /** How long after a failure of the store the rotation looks again whether its write has landed. Needs `read`. */
  settleMs: number | null;
  /** How long the store takes. */
  storeMs: number;
  retire: "revoke" | "disable" | "keep" | { later: string };
  /** Which of the caller's functions never settles. */
  hangs: "held" | "prepare" | "verify" | "store" | null;
  /** How long each way of a request and each look takes, in turn. */
  pace: number[];
  /** How old what each list shows is, in turn; with `holes`, each row of each list. */
  lists: number[];
  holes: boolean;
  /** By number of the request, the first being 1. */
  faults: { request: number; what: FaultKind }[];
  /** At which of its steps it is killed. */
  killed: number | null;
  /** How long after it was killed or has failed it is started again, without kills and faults. */
  again: number | null;
}

export interface Schedule {
  provider: ProviderName;
  /** How many keys there are to be rotated, each with a store of its own. */
  keys: number;
  /** How many rows a page of a list has, on OpenRouter. */
  pageSize: number;
  /** How long a new key does not authenticate, in milliseconds. */
  unknownMs: number;
  /** Whether a store writes secret and id at once, or one after the other. */
  writes: "both" | "the secret, then the id" | "the id, then the secret";
  /** Whether rotations keep a journal, in a folder that all share. */
  journal: boolean;
  /**
   * How long rotations have a lease of their keys after each note, where they have one: longer than any of them lasts, or
   * much shorter, where every store compares and sets.
   */
  lease: "2 hours" | "a minute" | null;
  /** Whether the new key's name is marked. Without that, rotations are kept apart by a journal alone. */
  trace: boolean;
  plans: Plan[];
}

/** A process to which nothing goes wrong. */
export const PLAIN: Plan = {
  does: "rotate",
  at: 0,
  clock: 0,
  jump: null,
  target: "stored",
  own: false,
  look: "held",
  looks: [],
  host: "one",
  store: "writes",
  settleMs: null,
  storeMs: 1000,
  retire: "revoke",
  hangs: null,
  pace: [],
  lists: [],
  holes: false,
  faults: [],
  killed: null,
  again: null,
};

/** What a schedule may have besides rotators of one key, sweeps, answers that are lost, and kills. */
export const FEATURES = [
  "lists lag",
  "lists have holes",
  "lists have pages",
  "clocks differ",
  "clocks jump",
  "looks lag",
  "stores are read back",
  "sweeps read stores back",
  "stores write late",
  "stores write twice",
  "late writes are waited for",
  "stores forget",
  "secrets are not revealed",
  "stores are slow",
  "functions hang",
  "what is stored is rotated",
  "old keys are kept",
  "rotations keep a journal",
  "rotations have a lease",
  "keys are not traced",
  "many keys are rotated",
  "the key in use is rotated",
  "new keys are unknown for a while",
] as const;

export type Feature = (typeof FEATURES)[number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A write lands up to 20 seconds late, its second half 25 after that, and what is read back is up to 30 seconds old. */
const SETTLE_MS = 1.5 * MINUTE;

const FAULTS: FaultKind[] = [
  "is refused",
  "is lost before",
  "is lost after",
  "is answered 429",
  "is answered 503",
  "is done and answered 503",
  "hangs before",
  "hangs after",
  "arrives late",
];

/** Mostly the first, which the rest shrink to. */
const mostly = <T>(usual: T, ...rest: fc.Arbitrary<T>[]): fc.Arbitrary<T> =>
  fc.oneof({ withCrossShrink: true }, { arbitrary: fc.constant(usual), weight: 2 * rest.length }, ...rest);

/** Often within three seconds, so that things happen at once; else any time up to these. */
const soon = (...longer: number[]) =>
  fc.oneof({ arbitrary: fc.nat(3 * SECOND), weight: 2 }, ...longer.map((max) => fc.nat(max)));

/** Each has some of the features only: where everything may happen at once, what needs a few of them seldom comes about. */
export function schedules(
  features: readonly Feature[],
  providers: ProviderName[] = ["openrouter", "cockroach", "estuary"],
): fc.Arbitrary<Schedule> {
  return fc.subarray([...features]).chain((some) => schedulesWith(some, providers));
}

function schedulesWith(features: readonly Feature[], providers: ProviderName[]): fc.Arbitrary<Schedule> {
  const only = <T>(feature: Feature, arbitrary: fc.Arbitrary<T>, otherwise: NoInfer<T>): fc.Arbitrary<T> =>
    features.includes(feature) ? arbitrary : fc.constant(otherwise);
  const some = <T>(feature: Feature, ...values: T[]): T[] => (features.includes(feature) ? values : []);

  const clocks = fc.oneof(fc.integer({ min: -2 * HOUR, max: 2 * HOUR }), fc.integer({ min: -5 * HOUR, max: 5 * HOUR }));
  const process = {
    clock: only("clocks differ", mostly(0, clocks), 0),
    jump: only(
      "clocks jump",
      mostly<Jump | null>(null, fc.record({ step: fc.integer({ min: 1, max: 40 }), ms: clocks })),
      null,
    ),
    looks: only("looks lag", fc.array(fc.nat(30 * SECOND), { maxLength: 3 }), []),
    pace: fc.array(fc.oneof({ arbitrary: fc.nat(400), weight: 9 }, fc.nat(25 * SECOND)), { maxLength: 5 }),
    lists: only("lists lag", fc.array(fc.nat(30 * SECOND), { maxLength: 4 }), []),
    holes: only("lists have holes", fc.boolean(), false),
    faults: fc.array(fc.record({ request: fc.integer({ min: 1, max: 20 }), what: fc.constantFrom(...FAULTS) }), {
      maxLength: 2,
    }),
  };
  const rotator = fc.record<Plan>({
    does: only("many keys are rotated", mostly<Plan["does"]>("rotate", fc.constant("rotate all")), "rotate"),
    at: soon(MINUTE, 70 * MINUTE, 5 * HOUR),
    target: only("what is stored is rotated", fc.constantFrom("first", "stored"), "first"),
    own: only("the key in use is rotated", fc.boolean(), false),
    look: fc.constantFrom<Plan["look"]>("held", "nothing", ...some<Plan["look"]>("stores are read back", "read")),
    store: mostly<StoreKind>(
      "writes",
      fc.constantFrom<StoreKind>("writes and throws", "throws", "says it did not store"),
      ...some<StoreKind>("stores write late", "writes late").map((kind) => fc.constant(kind)),
      ...some<StoreKind>("stores forget", "forgets").map((kind) => fc.constant(kind)),
      ...some<StoreKind>("secrets are not revealed", "does not reveal").map((kind) => fc.constant(kind)),
    ),
    host: fc.constantFrom("one", "another"),
    settleMs: only("late writes are waited for", fc.constantFrom(null, SETTLE_MS), null),
    storeMs: only("stores are slow", soon(30 * SECOND, 45 * MINUTE), 1000),
    retire: fc.constantFrom<Plan["retire"]>(
      "revoke",
      "disable",
      ...some<Plan["retire"]>("old keys are kept", "keep", { later: "2h" }),
    ),
    hangs: only(
      "functions hang",
      mostly<Plan["hangs"]>(null, fc.constantFrom("held", "prepare", "verify", "store")),
      null,
    ),
    killed: mostly<number | null>(null, fc.integer({ min: 1, max: 60 })),
    again: fc.option(soon(5 * MINUTE, 2 * HOUR)),
    ...process,
  });
  const sweep = fc.record<Plan>({
    does: fc.constantFrom("revoke orphans", "retire due"),
    at: soon(MINUTE, 70 * MINUTE, 3 * HOUR, 6 * HOUR),
    killed: mostly<number | null>(null, fc.integer({ min: 1, max: 20 })),
    look: only("sweeps read stores back", fc.constantFrom("held", "read"), "held"),
    ...fixed(PLAIN, "target", "own", "host", "store", "settleMs", "storeMs", "retire", "hangs", "again"),
    ...process,
  });
  return fc
    .record({
      provider: fc.constantFrom(...providers),
      keys: only("many keys are rotated", mostly(1, fc.integer({ min: 2, max: 3 })), 1),
      pageSize: only("lists have pages", mostly(100, fc.integer({ min: 2, max: 3 })), 100),
      unknownMs: only("new keys are unknown for a while", fc.nat(20 * SECOND), 0),
      writes: only(
        "stores write twice",
        mostly<Schedule["writes"]>(
          "both",
          fc.constant("the secret, then the id"),
          fc.constant("the id, then the secret"),
        ),
        "both",
      ),
      journal: only("rotations keep a journal", fc.boolean(), false),
      lease: only(
        "rotations have a lease",
        mostly<Schedule["lease"]>(null, fc.constantFrom("2 hours", "a minute")),
        null,
      ),
      trace: only("keys are not traced", mostly(true, fc.constant(false)), true),
      rotators: fc.array(rotator, { minLength: 1, maxLength: 2 }),
      sweeps: fc.array(sweep, { maxLength: 2 }),
    })
    .map(({ rotators, sweeps, ...rest }) => possible({ ...rest, plans: [...rotators, ...sweeps] }));
}

/** The schedule without what no store and no provider can have. */
export function possible(schedule: Schedule): Schedule {
  const { provider, keys, lease } = schedule;
  const journal = schedule.journal && lease === null;
  const isExclusive = journal || lease !== null;
  const trace = schedule.trace || !isExclusive;
  // Where a crash came between two writes only reading tells what the store holds, and what is read back is one key's.
  const writes = keys > 1 || lease === "a minute" ? "both" : schedule.writes;
  const openrouter = provider === "openrouter";
  const plans = schedule.plans.map((plan): Plan => {
    let { look } = plan;
    // Whether such a store has forgotten can only be seen by asking it.
    if (plan.store === "forgets" && look === "nothing") look = "held";
    if (writes !== "both" && look === "held") look = "read";
    if (keys > 1 && look === "read") look = "held";
    return {
      ...plan,
      look,
      // Where a list shows a new key and not an older one, two rotators both go on: only a journal keeps them apart.
      holes: plan.holes && isExclusive,
      settleMs: look === "read" && plan.settleMs !== null ? SETTLE_MS : null,
      retire: possibleRetirement(plan, openrouter, trace),
      // OpenRouter's management keys are made by hand alone.
      own: plan.own && !openrouter,
    };
  });
  return { ...schedule, writes, journal, trace, plans };
}

function possibleRetirement({ retire }: Plan, disables: boolean, trace: boolean): Plan["retire"] {
  if (retire === "disable" && !disables) return "revoke";
  // Nothing tells a sweep of a rotation without a trace: what it was to retire later is kept.
  return typeof retire === "object" && !trace ? "keep" : retire;
}

function fixed<K extends keyof Plan>(plan: Plan, ...names: K[]): { [N in K]: fc.Arbitrary<Plan[N]> } {
  return Object.fromEntries(names.map((name) => [name, fc.constant(plan[name])])) as {
    [N in K]: fc.Arbitrary<Plan[N]>;
  };
}

/** A schedule as a person reads it: what of each process is not as usual. */
export function shown({ provider, plans, ...rest }: Schedule): string {
  const unusual = (plan: Plan) =>
    Object.entries(plan).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(PLAIN[name as keyof Plan]));
  const text = (value: unknown) => JSON.stringify(value);
  return [
    `${provider} ${text(rest)}`,
    ...plans.map(
      (plan) =>
        `- ${plan.does}: ${unusual(plan)
          .map(([name, value]) => `${name} ${text(value)}`)
          .join(", ")}`,
    ),
  ].join("\n");
}
