/** One process of a simulation: it rotates or sweeps as its plan says, over a network that errs, until it is killed. */
import type {
  ApiKey,
  FindOrphansOptions,
  Keys,
  ProviderName,
  NeededOverrides,
  RotateAllOptions,
  RotateOptions,
  Secret,
} from "../../src/index.js";
import type { Answer, IssuedKey } from "../../src/sandbox/provider.js";
import type { ClientOptions } from "../../src/options.js";
import type { Library } from "./program.js";
import { fateOf, isHarmless, responseOf } from "./network.js";
import type { FaultKind, Plan, StoreKind } from "./schedule.js";
import type { Sent } from "./server.js";
import type { Simulation, Slot } from "./simulation.js";
import type { Owner } from "./world.js";

/** What `later` stands for in a schedule. */
const LATER_MS = 2 * 3_600_000;
/** How long the disk takes at most. */
const LONGEST_ACCESS_MS = 40;
const LATE_WRITE_MS = 20_000;
const USUAL_PACE_MS = 50;

/** What a process waits for that was killed. */
const NEVER = new Promise<never>(() => undefined);

/** What a store does with the secret that it is given. */
const STORES: Record<StoreKind, { reveals: boolean; writes?: "now" | "late"; throws?: "Error" | "NotStoredError" }> = {
  writes: { reveals: true, writes: "now" },
  "writes and throws": { reveals: true, writes: "now", throws: "Error" },
  throws: { reveals: true, throws: "Error" },
  "says it did not store": { reveals: true, throws: "NotStoredError" },
  "writes late": { reveals: true, writes: "late", throws: "Error" },
  forgets: { reveals: true },
  "does not reveal": { reveals: false },
};

const OVERRIDES: { [P in ProviderName]: RotateOptions<P>["overrides"] } = {
  estuary: { permissions: "all" },
  openrouter: undefined,
  cockroach: undefined,
  openai: undefined,
  openaiproject: { scopes: [] },
  cloudflare: undefined,
  unleash: undefined,
};

export class Actor implements Owner {
  alive = true;
  pending = true;
  /** The ids of the keys that it named: what `find orphans` found, and what a sweep did not dare to retire. */
  readonly named = new Set<string>();
  /** Of these, the ones that no sweep can judge by one store. */
  readonly undecided = new Set<string>();
  readonly name: string;
  readonly pid: number;
  readonly #simulation: Simulation;
  readonly #plan: Plan;
  readonly #process;
  /** The keys that it has made, by id, and for which slot. */
  readonly #made = new Map<string, Slot>();
  #begun = 0;
  #jumped = 0;
  /** Creates that may have had an effect. */
  readonly #creates = new Set<string>();
  #steps = 0;
  #requests = 0;
  readonly #pace: () => number;
  readonly #behind: () => number;
  readonly #lookBehind: () => number;

  constructor(simulation: Simulation, plan: Plan, name: string, pid: number) {
    this.#simulation = simulation;
    this.#plan = plan;
    this.name = name;
    this.pid = pid;
    this.#pace = inTurn(plan.pace, USUAL_PACE_MS);
    this.#behind = inTurn(plan.lists, 0);
    this.#lookBehind = inTurn(plan.looks, 0);
    const { world, server } = simulation;
    this.#process = simulation.program.start({
      now: () => server.now + plan.clock + this.#jumped,
      elapsed: () => world.now,
      later: (ms, happen) => world.at(ms, happen, this),
      random: () => simulation.random(),
      files: simulation.disk.for((what, effect) => this.#touched(what, effect)),
      host: plan.host,
      pid,
      lives: (other) => simulation.lives(plan.host, other),
    });
  }

  start(): void {
    const { does, clock, again } = this.#plan;
    const { world } = this.#simulation;
    const ended = (what: string) => {
      this.pending = false;
      world.say(this.name, () => what);
    };
    this.#begun = world.now;
    world.say(this.name, () => `${does}${clock === 0 ? "" : `, its clock ${clock} ms ahead`}`);
    this.#work().then(ended, (error: unknown) => {
      const [slot] = this.#simulation.slots;
      ended(this.#failed(error, slot));
      if (again !== null) this.#startAgain(again);
    });
  }

  get host(): string {
    return this.#plan.host;
  }

  /** To be told where its world has ended. */
  end(): void {
    this.#process.end();
  }

  #startAgain(afterMs: number): void {
    const { world } = this.#simulation;
    const plan = { ...this.#plan, killed: null, again: null, jump: null, hangs: null, faults: [] };
    world.at(afterMs, () => this.#simulation.start(plan, `${this.name} again`));
  }

  async #work(): Promise<string> {
    const { does, own, look, settleMs, hangs } = this.#plan;
    const { server, slots } = this.#simulation;
    const calls = bound(this.#process.library, server.provider, {
      apiKey: own ? (slots[0]?.held().secret ?? "") : server.credential,
      baseUrl: server.baseUrl,
      fetch: (url, init) => this.#fetch(url, init),
    });
    const held = (id: string) => (hangs === "held" ? NEVER : this.#held(id));
    const read = () => (hangs === "held" ? NEVER : this.#read());
    const asked = look === "read" ? { read, ...(settleMs !== null && { settleMs }) } : look === "held" ? { held } : {};
    const sweeping = asked as { held: typeof held };
    switch (does) {
      case "rotate":
      case "rotate all":
        return this.#rotate(calls, does === "rotate" ? slots.slice(0, 1) : slots, asked);
      case "find orphans":
        for (const { key, predecessor, verdict } of await calls.findOrphans(sweeping)) {
          this.named.add(key.id);
          // Of what was kept and what was made of it, another store may hold either: only a person can tell.
          const { spared } = this.#simulation;
          const isKept = key.trace?.endsWith(".k") === true || spared.has(predecessor?.id ?? "");
          if (verdict === "unknown" && isKept) this.undecided.add(key.id);
          // Where what ties it to the key in the store is gone, another store may hold it, too.
          if (verdict === "unknown" && look === "read" && !predecessor) this.undecided.add(key.id);
          if (predecessor && spared.has(key.id)) this.undecided.add(predecessor.id);
          if (predecessor) this.named.add(predecessor.id);
        }
        return `found ${this.#simulation.called(this.named)}`;
      case "revoke orphans":
        return this.#swept(await calls.revokeOrphans(sweeping));
      case "retire due":
        return this.#swept(await calls.retireDue({ ...sweeping, after: "1h" }));
    }
  }

  async #rotate(calls: ReturnType<typeof bound>, slots: Slot[], asked: object): Promise<string> {
    const { target, look, retire, hangs } = this.#plan;
    const { journal, leases, trace } = this.#simulation;
    const { library } = this.#process;
    const never = () => NEVER;
    const stored = (slot: Slot) => (look === "read" ? slot.held().id : slot.id());
    const ids = new Map(slots.map((slot) => [target === "first" ? slot.first : stored(slot), slot]));
    const olds = new Map([...ids].map(([id, { name }]) => [name, id]));
    const said = new Map<string, string>();
    const results = await calls.rotateAll(ids.keys(), {
      // What is said counts when it is said: the others may take hours longer.
      onResult: ({ id, rotation, error }) =>
        said.set(id, rotation ? this.#won(rotation) : this.#failed(error, ids.get(id))),
      store: (secret, key) => this.#store(secret, key, olds.get(key.name)),
      ...asked,
      ...(journal && { journal: await library.fileJournal("/journal") }),
      ...(leases && { journal: leases.for(this.name, library, (what, effect) => this.#touched(what, effect)) }),
      ...(!trace && { trace }),
      ...(hangs === "prepare" && { prepare: never }),
      ...(hangs === "verify" && { verify: never }),
      retire,
      // One that finishes another rotation writes nothing, and may be killed before it says what it did.
      onStep: (step, { old }) => {
        if (step === "retire" && retire === "keep") this.#simulation.spared.add(old.id);
      },
    });
    const failed = results.find(({ error }) => error !== undefined);
    if (failed && this.#plan.again !== null) this.#startAgain(this.#plan.again);
    return [...said.values()].join("; ");
  }

  #won(rotation: { old: ApiKey; new: ApiKey; retired: string; healed: boolean }): string {
    const { old, new: successor, retired, healed } = rotation;
    const simulation = this.#simulation;
    if ((retired === "revoked" || retired === "disabled") && simulation.server.live().has(old.id)) {
      simulation.broken(`${this.name} says that ${simulation.called([old.id])} was ${retired}, and it lives`);
    }
    if (!simulation.holds(simulation.slot(old.name), successor.id)) {
      simulation.broken(`${this.name} says that it succeeded, and the store does not hold its key`);
    }
    if (retired === "kept") simulation.spared.add(old.id);
    // One that only finishes another one has written nothing.
    const until = this.#until(this.#plan.retire, successor.id);
    if (until > (simulation.kept.get(old.id)?.until ?? 0))
      simulation.kept.set(old.id, { since: simulation.world.now, until });
    if (retired === "revoked" || retired === "disabled") simulation.kept.delete(old.id);
    const other = simulation.replaced.get(old.id);
    if (other !== undefined && other !== successor.id && !simulation.apart.has(other)) {
      simulation.broken(`two rotations of ${simulation.called([old.id])} succeeded`);
    }
    simulation.replaced.set(old.id, successor.id);
    return `${healed ? "finished" : "succeeded"}: ${simulation.called([successor.id])}, the old one ${retired}`;
  }

  /** Until when what a key replaced is to live. */
  #until(retire: Plan["retire"], successor: string): number {
    if (retire === "keep") return Infinity;
    return typeof retire === "object" ? (this.#simulation.born.get(successor) ?? 0) + LATER_MS : 0;
  }

  #failed(error: unknown, slot: Slot | undefined): string {
    const simulation = this.#simulation;
    if (!this.#process.library.isKeysmithError(error)) {
      simulation.broken(`${this.name} fails with an error that is none of keysmith's`);
    } else if (error.message.includes("new key was revoked")) {
      const still = [...this.#made].filter(([id, of]) => of === slot && simulation.server.live().has(id));
      if (still.length > 0) simulation.broken(`${this.name} says that the new key was revoked, and it lives`);
    }
    return simulation.readable(String(error));
  }

  #swept(swept: { key: ApiKey; error?: unknown }[]): string {
    const simulation = this.#simulation;
    for (const { key, error } of swept) if (error !== undefined) this.named.add(key.id);
    const done = swept.map(({ key }) => key.id).filter((id) => !this.named.has(id));
    const still = done.filter((id) => simulation.server.live().has(id));
    if (still.length > 0) simulation.broken(`a sweep says that it retired ${simulation.called(still)}, which lives`);
    return `retired ${simulation.called(done)}`;
  }

  /** Comes to where it may be killed. Whether it lives on. */
  #step(): boolean {
    const { killed, jump } = this.#plan;
    if (++this.#steps === jump?.step) {
      this.#jumped = jump.ms;
      this.#simulation.world.say(this.name, () => `its clock jumps by ${jump.ms} ms`);
    }
    if (this.#steps !== killed || !this.alive) return this.alive;
    this.alive = false;
    this.pending = false;
    this.#simulation.world.say(this.name, () => "killed");
    if (this.#plan.again !== null) this.#startAgain(this.#plan.again);
    return false;
  }

  async #pause(ms: number): Promise<void> {
    await this.#simulation.world.sleep(ms, this);
  }

  async #held(id: string): Promise<boolean> {
    return this.#looked((at) => {
      const seen = this.#simulation.slots.some((slot) => slot.id(at) === id);
      return [seen, () => `does the store hold ${this.#simulation.called([id])}? ${seen ? "yes" : "no"}`];
    });
  }

  async #read(): Promise<string> {
    return this.#looked((at) => {
      const { id, secret } = this.#simulation.slot("A").held(at);
      return [secret, () => `what does the store hold? ${this.#simulation.called([id])}`];
    });
  }

  /** Looks at what the store was a while ago. */
  async #looked<T>(look: (at: number) => [seen: T, what: () => string]): Promise<T> {
    const { world } = this.#simulation;
    if (!this.#step()) await NEVER;
    await this.#pause(this.#pace());
    const behind = this.#lookBehind();
    const [seen, what] = look(world.now - behind);
    world.say(this.name, () => what() + ago(behind));
    if (!this.#step()) await NEVER;
    return seen;
  }

  async #store(secret: Secret, { id, name }: ApiKey, old = ""): Promise<void> {
    const simulation = this.#simulation;
    const { world } = simulation;
    const { store, storeMs, hangs } = this.#plan;
    const { reveals, writes, throws } = STORES[store];
    const what = hangs === "store" ? "hangs" : store;
    world.say(this.name, () => `the store is given ${simulation.called([id])}: it ${what}`);
    if (!this.#step() || hangs === "store") await NEVER;
    await this.#pause(storeMs);
    const key = reveals && { id, secret: secret.reveal() };
    const isRefused = key && writes === "now" && !(await this.#write(this.name, simulation.slot(name), key, old));
    if (key && writes === "late") {
      world.at(LATE_WRITE_MS, () => void this.#write("the store", simulation.slot(name), key, old));
    }
    if (!this.#step()) await NEVER;
    await this.#pause(this.#pace());
    if (throws === "NotStoredError" || (isRefused && throws === undefined))
      throw new this.#process.library.NotStoredError("not stored");
    if (throws === "Error") throw new Error("the store failed");
  }

  /** Whether the store took it. */
  async #write(who: string, slot: Slot, key: IssuedKey, old: string): Promise<boolean> {
    const simulation = this.#simulation;
    if (simulation.compares && slot.held().id !== old) {
      simulation.world.say(who, () => "the store holds another key, and takes none");
      return false;
    }
    const { retire } = this.#plan;
    simulation.madeOf.set(key.id, old);
    // Whoever rotates a key that was kept, though the store holds another one by now, leaves that to whom it was made for.
    if (simulation.spared.delete(old) && slot.held().id !== old) simulation.apart.add(slot.held().id);
    if (retire === "keep") simulation.spared.add(old);
    const until = this.#until(retire, key.id);
    if (until > 0) simulation.kept.set(old, { since: -Infinity, until });
    else simulation.kept.delete(old);
    const idFirst = simulation.writes === "the id, then the secret";
    simulation.write(who, idFirst ? "the id" : "the secret", slot, key);
    if (simulation.writes !== "both") {
      if (who === this.name && !this.#step()) await NEVER;
      await this.#pause(this.#pace());
    }
    simulation.write(who, idFirst ? "the secret" : "the id", slot, key);
    return true;
  }

  /** Does something to the disk, where it may be killed before and after. */
  async #touched<T>(what: string, effect: () => T): Promise<T> {
    const { world } = this.#simulation;
    await this.#pause(this.#pace() % LONGEST_ACCESS_MS);
    // Where nothing is changed, being killed makes no difference.
    if (what !== "" && !this.#step()) await NEVER;
    if (what !== "") world.say(this.name, () => this.#simulation.readable(what));
    const result = effect();
    if (what !== "" && !this.#step()) await NEVER;
    return result;
  }

  #fetch(url: string, { method = "GET", headers, body, signal }: RequestInit): Promise<Response> {
    const { world, server } = this.#simulation;
    const sent = server.received(method, url, new Headers(headers), typeof body === "string" ? body : "");
    const request = ++this.#requests;
    const fault = this.#plan.faults.find((one) => one.request === request)?.what;
    const { effectMs, back } = fateOf(fault);
    if (method === "POST") this.#creating(url + sent.body, fault);
    return new Promise((resolve, reject) => {
      const comeBack = (answer: Answer) => {
        if (back === undefined) return;
        const arrive = () => {
          if (back instanceof Error) reject(back);
          else resolve(responseOf(back === "the answer" ? answer : server.error(back), server.now));
        };
        world.at(this.#pace(), arrive, this);
      };
      signal?.addEventListener("abort", () => reject(signal.reason));
      if (!this.#step()) return;
      if (effectMs === undefined) {
        this.#say(sent, () => fault ?? "");
        comeBack(server.error(500));
        return;
      }
      world.at(effectMs + this.#pace(), () => {
        const answer = this.#effect(sent, fault);
        if (this.alive && this.#step()) comeBack(answer);
      });
    });
  }

  #creating(what: string, fault: FaultKind | undefined): void {
    if (this.#creates.has(what)) this.#simulation.broken(`${this.name} sends a create twice`);
    if (!isHarmless(fault)) this.#creates.add(what);
  }

  /** What a request does at the server. */
  #effect(sent: Sent, fault: FaultKind | undefined): Answer {
    const simulation = this.#simulation;
    const { server, kept, world } = simulation;
    const { operation, id } = sent;
    const behind: number[] = [];
    const ms = () => behind[behind.push(this.#behind()) - 1] ?? 0;
    const answer = server.answer(sent, ms, this.#plan.holes);
    if (operation === "createApiKey" && answer.status < 300) this.#created(sent, server.created(answer).id);
    this.#say(sent, () => {
      const shown = operation === "createApiKey" || operation === "listApiKeys";
      const keys = shown ? ` ${simulation.mentioned(answer.body ?? "")}` : "";
      return `${answer.status}${keys}${ago(...behind)}${fault === undefined ? "" : `, ${fault}`}`;
    });
    if (sent.method !== "GET") simulation.check();
    const { since = Infinity, until = 0 } = kept.get(id) ?? {};
    const isSweep = !this.#plan.does.startsWith("rotate");
    if (isSweep && this.#begun >= since && until > world.now && !server.live().has(id)) {
      simulation.broken(`a sweep retires ${simulation.called([id])}, which was to be kept`);
    }
    return answer;
  }

  #created({ place, body }: Sent, id: string): void {
    const label = place.searchParams.get("label") ?? (JSON.parse(body) as { name: string }).name;
    const slot = this.#simulation.slot(label.slice(0, 1));
    this.#made.set(id, slot);
    this.#simulation.born.set(id, this.#simulation.world.now);
    this.#simulation.made(slot.name, id);
  }

  #say({ operation, id }: Sent, what: () => string): void {
    const simulation = this.#simulation;
    simulation.world.say(this.name, () => `${operation}${id && ` ${simulation.called([id])}`}: ${what()}`);
  }
}

/** What the public functions take of a provider's keys belongs together, which only a type parameter can say. */
function bound<P extends ProviderName>(library: Library, provider: P, options: ClientOptions) {
  const keys = library[provider](options) as unknown as Keys<P>;
  return {
    rotateAll: (ids: Iterable<string>, options: Omit<RotateAllOptions<ProviderName>, "overrides">) => {
      const all = { ...(options as RotateAllOptions<P>), overrides: OVERRIDES[provider] };
      return library.rotateAll<P>(keys, ids, all as typeof all & NeededOverrides<P>);
    },
    findOrphans: (options: FindOrphansOptions) => library.findOrphans<P>(keys, options),
    revokeOrphans: (options: Parameters<Library["revokeOrphans"]>[1]) => library.revokeOrphans<P>(keys, options),
    retireDue: (options: Parameters<Library["retireDue"]>[1]) => library.retireDue<P>(keys, options),
  };
}

/** Gives the values one after the other, and begins anew after the last. */
function inTurn(values: number[], otherwise: number): () => number {
  let next = 0;
  return () => values[next++ % values.length] ?? otherwise;
}

function ago(...behind: number[]): string {
  return behind.some((ms) => ms > 0) ? ` (as of ${behind.join(", ")} ms ago)` : "";
}
