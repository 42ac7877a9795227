import type { ApiKey, RotationStep } from "../index.js";
import { printable } from "./show/output.js";

/** Where each rotation stands, for whoever has to be told when all are stopped at once. */
export class RotationStanding {
  readonly #provider: string;
  readonly #open = new Map<string, { step: RotationStep; successor: string | undefined }>();
  readonly #oldIds = new Map<string, string>();

  constructor(provider: string) {
    this.#provider = provider;
  }

  enter(step: RotationStep, old: ApiKey, successor: ApiKey | undefined): void {
    this.#open.set(old.id, { step, successor: successor?.id });
    if (successor) this.#oldIds.set(successor.id, old.id);
  }

  leave(id: string): void {
    this.#open.delete(id);
  }

  /** The id of the key that this one replaces. */
  replacedBy(successor: string): string | undefined {
    return this.#oldIds.get(successor);
  }

  description(): string {
    const lines = [...this.#open].map(([id, { step, successor }]) => {
      const more = successor
        ? `, and its successor ${printable(successor)} exists`
        : step === "create"
          ? ", and a successor may exist"
          : "";
      return `${printable(id)} was at "${step}"${more}.`;
    });
    return [...lines, `\`keysmith orphans ${this.#provider}\` finds what was left.`].join("\n");
  }
}
