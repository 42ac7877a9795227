import type { ApiKey, Keys, ProviderName } from "../index.js";
import { roomOf } from "../registry.js";
import { connect, type AnyKeys } from "./client.js";
import { flagInput } from "./flags.js";
import type { Options } from "./options.js";

/** Where a provider's keys are, and how they are reached. */
export interface Place {
  keys: AnyKeys;
  workspaceId?: string | undefined;
  signal?: AbortSignal;
}

/** @throws UsageError where there is no credential, or a flag is of another provider. */
export async function placeOf(provider: ProviderName, options: Options): Promise<Place> {
  const { workspaceId } = flagInput("scope", provider, options);
  const keys = await connect(provider, options);
  return { keys, workspaceId: typeof workspaceId === "string" ? workspaceId : undefined };
}

/** Every key of a place, disabled and expired ones too. */
export async function everyKey({
  keys,
  workspaceId,
}: {
  keys: Keys;
  workspaceId?: string | undefined;
}): Promise<ApiKey[]> {
  const copy = await roomOf(keys.provider).copy();
  return keys.list(copy.everything(workspaceId)).toArray();
}
