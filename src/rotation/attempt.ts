/** What the steps of one rotation share, and how each of them begins, stops, and is undone. */
import { redact } from "../http/redact.js";
import type { ApiKey } from "../key.js";
import type { CallOptions } from "../options.js";
import type { Secret } from "../secret.js";
import { given } from "../wire.js";
import { RotationError, RotationPendingError, type RotationStep } from "./errors.js";
import { adapterOf, type Adapter, type CreateInputs, type RotatingKeys, type RotatingProvider } from "./providers.js";
import type { RotateOptions } from "./rotate.js";
import { workspaceOf } from "./siblings.js";

/** An attempt whose old key was read. `began`: milliseconds since the epoch; `mark`: the old key's fingerprint. */
export type Begun<P extends RotatingProvider> = Attempt<P> & { began: number; old: ApiKey<P>; mark: string };

/** One whose new key is there, be it that an earlier rotation made it. */
export type Made<P extends RotatingProvider> = Begun<P> & { successor: ApiKey<P> };

/** One that made its new key itself. `fresh`: the facade with the new key as credential. */
export type Created<P extends RotatingProvider> = Made<P> & { secret: Secret; fresh: RotatingKeys[P] };

export class Attempt<P extends RotatingProvider> {
  readonly keys: RotatingKeys[P];
  readonly provider: P;
  readonly id: string;
  readonly options: RotateOptions<P>;
  readonly adapter: Adapter<P>;
  readonly overrides: Partial<CreateInputs[P]>;
  step: RotationStep = "read";
  /** Whether nothing is left that somebody would have to look at. */
  settled = true;
  readonly old?: ApiKey<P>;
  readonly successor?: ApiKey<P>;
  readonly secret?: Secret;
  readonly fresh?: RotatingKeys[P];

  constructor(keys: RotatingKeys[P] & { readonly provider: P }, id: string, options: RotateOptions<P>) {
    this.keys = keys;
    this.provider = keys.provider;
    this.id = id;
    this.options = options;
    this.adapter = adapterOf(keys.provider);
    // What is undefined is left out, and so as with the old key: it must not take a limit or an expiry away.
    this.overrides = Object.fromEntries(given(options.overrides ?? {})) as Partial<CreateInputs[P]>;
  }

  async enter(this: Begun<P>, step: RotationStep): Promise<void> {
    const { provider, id, options, old, successor } = this;
    this.step = step;
    // Neither stops a rotation half-way, nor the other; what matters was written when the journal was opened.
    await quietly(() => options.journal?.note({ provider, id, step, ...(successor && { successor: successor.id }) }));
    await quietly(() => options.onStep?.(step, { old, ...(successor && { new: successor }) }));
  }

  /** `successor`: where the new key is or may be there. `valid`: the old key, and the successor, unless given. */
  stopped(problem: string, details: { cause?: unknown; successor?: ApiKey<P>; valid?: string[] } = {}): RotationError {
    const { cause, successor, valid } = details;
    const { provider, id, step, old } = this;
    return new RotationError(`${provider} rotate ${id}: stopped at ${step}: ${problem}`, {
      provider,
      operation: "rotate",
      step,
      key: old,
      successor,
      valid: valid ?? [old, successor].flatMap((key) => key?.id ?? []),
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /**
   * Until the store has begun nothing holds the new key, so that it can be revoked.
   *
   * @param standing what is known of the old key
   */
  async undone(this: Made<P>, problem: string, cause?: unknown, standing = "valid"): Promise<RotationError> {
    const { adapter, keys, old, successor } = this;
    const valid = standing === "valid" ? [old.id] : [];
    try {
      await adapter.revoke(keys, successor.id, {});
    } catch (error) {
      return this.stopped(
        `${problem} The new key ${successor.id} could not be revoked (${this.said(error)}) and nobody holds it: revoke it. The old one is ${standing}.`,
        { cause, successor, valid: [...valid, successor.id] },
      );
    }
    this.settled = true;
    return this.stopped(`${problem} The new key was revoked; the old one is ${standing}.`, { cause, valid });
  }

  async orUndone<T>(this: Made<P>, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await this.undone(this.said(error), error);
    }
  }

  pending(message: string, details: { cause?: unknown; sibling?: ApiKey<P> } = {}): RotationPendingError {
    return new RotationPendingError(message, { provider: this.provider, operation: "rotate", ...details });
  }

  /** What was said by others, who may quote the new key. */
  said(error: unknown): string {
    const text = textOf(error);
    const plaintext = this.secret?.reveal();
    return plaintext ? redact(text, [plaintext]) : text;
  }

  /** Wherever keys of this rotation may be: what is overridden may put the new one into another workspace. */
  async listed(this: Begun<P>, call: CallOptions = {}): Promise<ApiKey<P>[]> {
    const { workspaceId = workspaceOf(this.old) } = this.overrides as { workspaceId?: string };
    const places = [...new Set([workspaceOf(this.old), workspaceId])];
    const lists = await Promise.all(places.map((place) => this.adapter.list(this.keys, place, call).toArray()));
    return [...new Map(lists.flat().map((key) => [key.id, key])).values()];
  }
}

/** For those who look on or take notes: what they throw is theirs. */
export async function quietly(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {
    // Nothing depends on it.
  }
}

export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : "aborted";
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
