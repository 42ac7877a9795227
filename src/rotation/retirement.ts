import type { Copy } from "../copy.js";
import { durationMs } from "../go-duration.js";
import { isKeysmithError } from "../http/errors.js";
import { isObject } from "../json.js";
import type { ApiKey, ProviderName } from "../key.js";
import { isChangeable, type Keys } from "../keys.js";
import type { Retirement } from "./options.js";
import { retiredName } from "./trace.js";

/** Whether a value says what becomes of the old key. One that nobody knows would leave it alive, and be said to be done. */
export function isRetirement(value: unknown): value is Retirement {
  if (!isObject(value)) return value === "revoke" || value === "disable" || value === "keep";
  return typeof value["later"] === "string" && durationMs(value["later"]) !== undefined;
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

/** Waits for a revocation. That another one was faster is all that was wanted. */
export async function gone(revoking: Promise<void>): Promise<true> {
  try {
    await revoking;
  } catch (error) {
    if (!isKeysmithError(error) || error.kind !== "not-found") throw error;
  }
  return true;
}
