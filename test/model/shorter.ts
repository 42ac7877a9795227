/** Makes a schedule shorter for as long as it stays one that breaks a promise. */
import { PLAIN, possible, type Plan, type Schedule } from "./schedule.js";

/** @param breaks whether a schedule breaks a promise, as the one that is given does */
export async function shortest(schedule: Schedule, breaks: (shorter: Schedule) => Promise<boolean>): Promise<Schedule> {
  for (;;) {
    const before = schedule;
    for (const change of changes(schedule)) {
      // As often as it helps: numbers are halved.
      for (let shorter = possible(change(schedule)); !same(shorter, schedule) && (await breaks(shorter));) {
        schedule = shorter;
        shorter = possible(change(schedule));
      }
    }
    if (schedule === before) return schedule;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

type Change = (schedule: Schedule) => Schedule;

/** What is tried, the greatest first: a process less, something as it usually is, a list shorter, a number smaller. */
function changes({ plans }: Schedule): Change[] {
  const usual: Omit<Schedule, "provider" | "plans"> = {
    keys: 1,
    pageSize: 100,
    unknownMs: 0,
    writes: "both",
    journal: false,
    lease: null,
    trace: true,
  };
  const named = plans.map((_, index) => index).reverse();
  return [
    ...named.map((index): Change => (one) => ({ ...one, plans: one.plans.filter((_, at) => at !== index) })),
    ...Object.entries(usual).map(([name, value]): Change => (one) => ({ ...one, [name]: value })),
    ...named.flatMap((index) => ofPlan(index)),
  ];
}

function ofPlan(index: number): Change[] {
  const change =
    (changed: (plan: Plan) => Partial<Plan>): Change =>
    (one) => ({ ...one, plans: one.plans.map((plan, at) => (at === index ? { ...plan, ...changed(plan) } : plan)) });
  const names = (Object.keys(PLAIN) as (keyof Plan)[]).filter((name) => name !== "does");
  return [
    ...names.map((name) => change(() => ({ [name]: PLAIN[name] }))),
    ...names.flatMap((name) => [
      change(({ [name]: value }) => (Array.isArray(value) ? { [name]: value.slice(1) } : {})),
      change(({ [name]: value }) => (Array.isArray(value) ? { [name]: value.slice(0, -1) } : {})),
      // What is as it usually is stays so: it would be made smaller, and then usual again, for ever.
      change(({ [name]: value }) => (same(value, PLAIN[name]) ? {} : { [name]: smaller(value) })),
    ]),
  ];
}

/** Numbers by half; long times in whole seconds. */
function smaller(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(smaller);
  if (typeof value !== "number") return value;
  const half = Math.trunc(value / 2);
  return Math.abs(half) > 10_000 ? half - (half % 1000) : half;
}
