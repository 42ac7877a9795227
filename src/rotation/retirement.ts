import type { Copy } from "../copy.js";
import { durationMs } from "../go-duration.js";
import { isKeysmithError } from "../http/errors.js";
import { isObject } from "../json.js";
import type { ApiKey, ProviderName } from "../key.js";
import { isChangeable, type Keys } from "../keys.js";
import type { Retirement } from "./options.js";
import { retiredName, traced, traceOf, type Trace } from "./trace.js";

/** Whether a value says what becomes of the old key. One that nobody knows would leave it alive, and be said to be done. */
export function isRetirement(value: unknown): value is Retirement {
  if (!isObject(value)) return value === "revoke" || value === "disable" || value === "keep";
  return typeof value["later"] === "string" && durationMs(value["later"]) !== undefined;
}

/** What a trace says of it. */
export function fateOf(retire: Retirement | undefined): Trace["retire"] {
  return typeof retire === "object" ? durationMs(retire.later) : retire === "keep" ? retire : undefined;
}

/**
 * The name that the key of an earlier rotation needs, so that the sweeps spare what it replaced for as long as is asked for
 * now. Undefined where its mark says so already, or there is none.
 */
export function sparing(key: ApiKey, retire: Retirement | undefined): string | undefined {
  const trace = traceOf(key);
  const fate = fateOf(retire);
  const spared = (ms: Trace["retire"] = 0) => (ms === "keep" ? Infinity : ms);
  return trace && fate !== undefined && spared(fate) > spared(trace.retire)
    ? traced(key.name, { ...trace, retire: fate })
    : undefined;
}

/** Switches a key off and marks its name as retired. Nothing happens where its provider cannot. */
export async function disable<P extends ProviderName>(
  keys: Keys<P>,
  copy: Copy<P>,
  { id, name }: ApiKey<P>,
  signal?: AbortSignal,
): Promise<void> {
  const patch = copy.disabled?.(retiredName(name));
  if (patch !== undefined && isChangeable(keys)) await keys.update(id, patch, { signal });
}

/** Waits for a key to be retired. That it is gone already, since another one was faster, is all that was wanted. */
export async function gone(retiring: Promise<void>): Promise<true> {
  try {
    await retiring;
  } catch (error) {
    if (!isKeysmithError(error) || error.kind !== "not-found") throw error;
  }
  return true;
}
