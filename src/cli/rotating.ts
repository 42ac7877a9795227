import type { RotatingKeys, RotatingProvider } from "../index.js";
import { connect, type AnyFacade } from "./client.js";
import { UsageError } from "./errors.js";
import type { Options } from "./options.js";
import type { ProviderName } from "../key.js";

/** Whose keys can be rotated. */
const ROTATING: Record<RotatingProvider, true> = { estuary: true, openrouter: true, cockroach: true };

export function canRotate(provider: ProviderName): provider is RotatingProvider {
  return Object.hasOwn(ROTATING, provider);
}

/** @throws UsageError where the provider's keys cannot be rotated, or there is no credential. */
export async function connectRotating(
  provider: ProviderName,
  options: Options,
): Promise<RotatingKeys[RotatingProvider]> {
  const keys: AnyFacade = await connect(provider, options);
  if (canRotateKeysOf(keys)) return keys;
  throw new UsageError(`Keys of ${provider} cannot be rotated yet: ${Object.keys(ROTATING).join(", ")} can.`);
}

function canRotateKeysOf(keys: AnyFacade): keys is RotatingKeys[RotatingProvider] {
  return canRotate(keys.provider);
}
