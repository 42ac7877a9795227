/** Time that passes as the cells want it to, so that no test waits and none is hurried. Sockets keep the real one. */
import type { Time } from "./cells.js";

/** Attempts are told apart by their `timeoutMs`, which is longer than any other timer. */
const FIRST_TIMEOUT_MS = 1_000_000;

export class DrivenTime implements Time {
  readonly #attempts = new Map<object, { serial: number; work: () => void }>();
  readonly #waits: number[] = [];
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;

  timeoutMs(serial: number): number {
    return FIRST_TIMEOUT_MS + serial;
  }

  /** The next timer of this duration is over at once. */
  waits(ms: number): void {
    this.#waits.push(ms);
  }

  /** What ends the time of the attempt that this call is making now, and of no later one. */
  endOf(serial: number): () => void {
    const running = [...this.#attempts].filter(([, attempt]) => attempt.serial === serial);
    return () => {
      for (const [timer, { work }] of running) if (this.#attempts.delete(timer)) work();
    };
  }

  /** What nobody cancelled, or waited for as announced. Forgotten then. */
  takeLeftovers(): string[] {
    const leftovers = [
      ...[...this.#attempts.values()].map(({ serial }) => `the timer of an attempt of call ${serial}`),
      ...this.#waits.map((ms) => `a wait of ${ms} ms that was only announced`),
    ];
    this.#attempts.clear();
    this.#waits.length = 0;
    return leftovers;
  }

  readonly setTimeout = (work: () => void, ms = 0, ...rest: unknown[]): unknown => {
    if (ms >= FIRST_TIMEOUT_MS) {
      const timer = {};
      this.#attempts.set(timer, { serial: ms - FIRST_TIMEOUT_MS, work });
      return timer;
    }
    const wait = this.#waits.indexOf(ms);
    if (wait >= 0) this.#waits.splice(wait, 1);
    return this.#setTimeout(work, wait >= 0 ? 0 : ms, ...rest);
  };

  readonly clearTimeout = (timer: object): void => {
    if (!this.#attempts.delete(timer)) this.#clearTimeout(timer as NodeJS.Timeout);
  };
}
