/** Runs a schedule, and sees at every moment whether what rotation promises holds. */
import { Actor } from "./actor.js";
import { Disk } from "./files.js";
import { Leases } from "./leases.js";
import type { Program } from "./program.js";
import { PLAIN, type Plan, type Schedule } from "./schedule.js";
import { latest, Server } from "./server.js";
import type { IssuedKey } from "../../src/sandbox/provider.js";
import { World } from "./world.js";

const HOUR = 3_600_000;

/** When everybody has to have ended: the latest starts after 6 hours, and is started again after 2 more. */
const END = 12 * HOUR;

/** What must never be, and how it came to it. */
export interface Violation {
  what: string;
  log: string[];
}

export async function simulate(program: Program, schedule: Schedule): Promise<Violation | undefined> {
  const simulation = new Simulation(program, schedule);
  await simulation.run();
  const { violation: what, world } = simulation;
  return what === undefined ? undefined : { what, log: world.log() };
}

/** A key that is to be rotated: whoever uses it has a store that holds it, and then each of its successors. */
export class Slot {
  readonly name: string;
  /** The key that was there before anything was rotated. */
  readonly first: string;
  /** The plaintext that the store holds, and the id beside it, each since when; the latest last. */
  readonly #secrets: Written[];
  readonly #ids: Written[];

  constructor(name: string, { id, secret }: IssuedKey) {
    this.name = name;
    this.first = id;
    this.#secrets = [{ at: -Infinity, id, secret }];
    this.#ids = [{ at: -Infinity, id, secret }];
  }

  /** The key whose plaintext the store holds, or held at a time. */
  held(at = Infinity): IssuedKey {
    return written(this.#secrets, at);
  }

  /** The id that stands beside it. */
  id(at = Infinity): string {
    return written(this.#ids, at).id;
  }

  write(what: "the secret" | "the id", at: number, { id, secret }: IssuedKey): void {
    (what === "the secret" ? this.#secrets : this.#ids).push({ at, id, secret });
  }
}

interface Written extends IssuedKey {
  at: number;
}

function written(all: Written[], at: number): Written {
  const found = latest(all, at);
  if (!found) throw new Error("a store holds a key from the beginning");
  return found;
}

export class Simulation {
  readonly world = new World();
  readonly server: Server;
  readonly program: Program;
  readonly slots: Slot[];
  /** Whether rotations keep a journal: on this disk. */
  readonly journal: boolean;
  readonly disk: Disk;
  /** The lease that rotations have of their keys, where they have one. */
  readonly leases: Leases | undefined;
  /** Keys that sweeps are to leave alone which begin after it was so, and until when. */
  readonly kept = new Map<string, { since: number; until: number }>();
  /** When each key was made. */
  readonly born = new Map<string, number>();
  /** Keys that rotations said they kept, be it that the trace of an earlier one cannot say so any more. */
  readonly spared = new Set<string>();
  /** Keys that nothing here holds any more, made of keys that were kept, which were then rotated again. */
  readonly apart = new Set<string>();
  /** Of each key that a store was given, the key that was rotated for it. */
  readonly madeOf = new Map<string, string>();
  /** What each key was replaced by, as rotations said that succeeded. */
  readonly replaced = new Map<string, string>();
  /** The first thing that was not to be. */
  violation: string | undefined;
  /** What the log calls each key of a slot, by id. */
  readonly #names = new Map<string, string>();
  readonly #schedule: Schedule;
  readonly #actors: Actor[] = [];
  #random = 1;

  constructor(program: Program, schedule: Schedule) {
    this.program = program;
    this.#schedule = schedule;
    this.server = new Server(this.world, schedule);
    this.journal = schedule.journal;
    this.disk = new Disk(() => this.server.now);
    const { lease } = schedule;
    this.leases =
      lease === null ? undefined : new Leases(() => this.world.now, lease === "a minute" ? HOUR / 60 : 2 * HOUR);
    this.slots = ["A", "B", "C"].slice(0, schedule.keys).map((name) => new Slot(name, this.server.issue(name)));
    for (const slot of this.slots) this.made(slot.name, slot.first);
  }

  async run(): Promise<void> {
    for (const [index, plan] of this.#schedule.plans.entries()) {
      const name = `${plan.does.startsWith("rotate") ? "rotator" : "sweep"} ${index + 1}`;
      this.world.at(plan.at, () => this.start(plan, name));
    }
    await this.world.run(END);
    const hanging = this.#actors.find(({ pending }) => pending);
    if (hanging) this.broken(`${hanging.name} never ends`);
    // Without a trace, what is broken off is found by its journal alone, and only where the same key is rotated again.
    const wasFinished = [...this.kept.values()].some(({ since }) => since > 0);
    if (this.trace && (wasFinished || this.left().length > 0)) await this.#cleanUp();
    for (const actor of this.#actors) actor.end();
  }

  /** What is done later by somebody to whom nothing goes wrong, about what was left. */
  async #cleanUp(): Promise<void> {
    const { named, undecided: refused } = await this.#later("find orphans");
    const forgotten = this.left().filter((id) => !named.has(id));
    if (forgotten.length > 0) this.broken(`${this.called(forgotten)} lives, unheld, and findOrphans does not name it`);
    // A rotation that finishes or undoes another one leaves its own for the next run.
    for (const does of ["revoke orphans", "retire due", "rotate all", "rotate all", "rotate all"] as const) {
      const { named } = await this.#later(does);
      for (const id of named) refused.add(id);
      if (does !== "revoke orphans" && this.left().length === 0) return;
    }
    const still = this.left().filter((id) => !refused.has(id));
    if (still.length > 0) this.broken(`${this.called(still)} lives, unheld, after sweeps and three more rotations`);
  }

  async #later(does: Plan["does"]): Promise<Actor> {
    const look = this.writes === "both" ? "held" : "read";
    const actor = this.start({ ...PLAIN, does, look }, "later");
    await this.world.run(this.world.now + 2 * HOUR);
    return actor;
  }

  start(plan: Plan, name: string): Actor {
    const actor = new Actor(this, plan, name, this.#actors.length + 1);
    this.#actors.push(actor);
    actor.start();
    return actor;
  }

  /** Whether a process of this number is there on a host. */
  lives(host: string, pid: number): boolean {
    return this.#actors.some((one) => one.host === host && one.pid === pid && one.alive && one.pending);
  }

  get trace(): boolean {
    return this.#schedule.trace;
  }

  /** Whether a store writes only while it holds the key that is rotated. */
  get compares(): boolean {
    return this.#schedule.lease === "a minute";
  }

  get writes(): Schedule["writes"] {
    return this.#schedule.writes;
  }

  /** The keys of all slots that live without being held, or being kept on purpose. */
  left(): string[] {
    if (this.violation !== undefined) return [];
    const held = new Set(this.slots.map((slot) => slot.held().id));
    const meant = (id: string) =>
      held.has(id) || this.apart.has(id) || this.spared.has(id) || (this.kept.get(id)?.until ?? 0) > this.world.now;
    return [...this.server.live()].filter((id) => this.#names.has(id) && !meant(id));
  }

  /** Whether a store holds a key, or what rotations of it have made since. */
  holds(slot: Slot, id: string): boolean {
    let held: string | undefined = slot.held().id;
    while (held !== undefined && held !== id) held = this.madeOf.get(held);
    return held === id;
  }

  slot(name: string): Slot {
    const slot = this.slots.find((one) => one.name === name);
    if (!slot) throw new Error(`a rotation names its key ${name}, as no key was named`);
    return slot;
  }

  /** Takes note of a key of a slot. */
  made(slot: string, id: string): void {
    const before = [...this.#names.values()].filter((name) => name.startsWith(slot)).length;
    if (!this.#names.has(id)) this.#names.set(id, `${slot}${before}`);
  }

  called(ids: Iterable<string>): string {
    return [...ids].map((id) => this.#names.get(id) ?? id).join(" ");
  }

  /** The keys of the chain that a text mentions, by what the log calls them. */
  mentioned(text: string): string {
    return this.called([...this.#names.keys()].filter((id) => text.includes(id)));
  }

  /** A text with the ids in it as the log calls them. */
  readable(text: string): string {
    return [...this.#names].reduce((read, [id, name]) => read.replaceAll(id, name), text);
  }

  write(who: string, what: "the secret" | "the id", slot: Slot, key: IssuedKey): void {
    slot.write(what, this.world.now, key);
    this.world.say(who, () => `the store holds ${what} of ${this.called([key.id])}`);
    this.check();
  }

  /** What holds at every moment. */
  check(): void {
    const dead = this.slots.map((slot) => slot.held().id).filter((id) => !this.server.live().has(id));
    if (dead.length > 0) this.broken(`the store holds ${this.called(dead)}, which is dead`);
  }

  broken(what: string): void {
    if (this.violation !== undefined) return;
    this.violation = what;
    this.world.say("!!", () => what);
    this.world.stop();
  }

  random(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random / 2 ** 32;
  }
}
