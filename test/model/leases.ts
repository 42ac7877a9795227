/** A database with a lease for each key that is rotated, which the processes of a simulation share. */
import type { Journal } from "../../src/index.js";
import type { Access } from "./files.js";
import type { Library } from "./program.js";

interface Entry {
  owner: string | undefined;
  /** When it was last heard of, in milliseconds. */
  at: number;
  nonce?: string;
  /** The ids that were noted, each once. */
  successors: string[];
}

export class Leases {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #ms: number;

  /** @param ms how long after its last note a rotation loses its lease, be it that it lives */
  constructor(now: () => number, ms: number) {
    this.#now = now;
    this.#ms = ms;
  }

  /** The journal as a process has it. */
  for(owner: string, { EntryLostError }: Library, access: Access): Journal {
    const own = (id: string) => {
      const entry = this.#entries.get(id);
      if (entry?.owner !== owner) throw new EntryLostError("another has it");
      return entry;
    };
    return {
      exclusive: true,
      open: ({ id }) =>
        access(`takes the lease of ${id}`, () => {
          const entry = this.#entries.get(id) ?? { owner: undefined, at: -Infinity, successors: [] };
          if (this.#now() < entry.at + this.#ms) throw new Error("another has the lease");
          this.#entries.set(id, { ...entry, owner, at: this.#now() });
          const { nonce, successors } = entry;
          return { ...(nonce && { nonce }), earlier: successors };
        }),
      note: ({ id, nonce, successor }) =>
        access(`notes ${nonce ?? successor ?? "a step"} of ${id}`, () => {
          const entry = own(id);
          entry.at = this.#now();
          if (nonce !== undefined) entry.nonce = nonce;
          if (successor !== undefined && !entry.successors.includes(successor)) entry.successors.push(successor);
        }),
      close: ({ id }) =>
        access(`gives the lease of ${id} back`, () => {
          own(id);
          this.#entries.delete(id);
        }),
      leave: ({ id }) => access(`leaves the lease of ${id}`, () => void (own(id).owner = undefined)),
    };
  }
}
