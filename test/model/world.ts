/** Simulated time: nothing happens but when something is due, and then at once, however far off it was. */

/** Whoever things happen to. To one that was killed nothing happens any more. */
export interface Owner {
  alive: boolean;
}

export interface Due {
  readonly at: number;
  readonly happen: () => void;
  readonly owner: Owner | undefined;
  cancelled: boolean;
}

export class World {
  /** Milliseconds since the simulation began. */
  now = 0;
  readonly #due: Due[] = [];
  readonly #said: { at: number; who: string; what: () => string }[] = [];
  #stopped = false;

  at(delayMs: number, happen: () => void, owner?: Owner): Due {
    const due: Due = { at: this.now + Math.max(0, delayMs), happen, owner, cancelled: false };
    // Of two that are due at once, the one that was there first comes first.
    let place = this.#due.length;
    while (place > 0 && (this.#due[place - 1]?.at ?? 0) > due.at) place--;
    this.#due.splice(place, 0, due);
    return due;
  }

  sleep(ms: number, owner?: Owner): Promise<void> {
    return new Promise((resolve) => void this.at(ms, resolve, owner));
  }

  /** Takes note of something; put into words only where somebody reads it. */
  say(who: string, what: () => string): void {
    this.#said.push({ at: this.now, who, what });
  }

  /** What happened, a line each. */
  log(): string[] {
    return this.#said.map(({ at, who, what }) => `${clockTime(at)} ${who}: ${what()}`);
  }

  /** From now on nothing happens any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Lets everything happen that is due until then. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      // All that promises do between two events is done by the next turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#due;
      if (this.#stopped) return;
      if (!next || next.at > untilMs) {
        this.now = untilMs;
        return;
      }
      this.#due.shift();
      if (next.cancelled || next.owner?.alive === false) continue;
      this.now = next.at;
      next.happen();
    }
  }
}

function clockTime(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(Math.floor(ms % 1000)).padStart(3, "0")}`;
}
