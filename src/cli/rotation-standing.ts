import type { ApiKey, RotationStep } from "../index.js";
import { named } from "./show/keys.js";

/** Where each rotation stands, for whoever has to be told when all are stopped at once. */
export class RotationStanding {
  readonly #provider: string;
  readonly #open = new Map<string, { step: RotationStep; old: ApiKey; successor: ApiKey | undefined }>();
  readonly #oldIds = new Map<string, string>();

  constructor(provider: string) {
    this.#provider = provider;
  }

  enter(step: RotationStep, old: ApiKey, successor: ApiKey | undefined): void {
    this.#open.set(old.id, { step, old, successor });
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
    const lines = [...this.#open.values()].map(({ step, old, successor }) => {
      const more = successor
        ? `, and its successor ${named(successor)} exists`
        : step === "create"
          ? ", and a successor may exist"
          : "";
      return `${named(old)} was at "${step}"${more}.`;
    });
    return [...lines, `\`keysmith orphans ${this.#provider}\` finds what was left.`].join("\n");
  }
}
