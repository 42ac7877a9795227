/** All 16 operations of the three providers through keysmith. Compiled, never run. */
import { cockroach, estuary, openrouter } from "../../../src/index.js";

export async function ofEstuary(): Promise<unknown[]> {
  const keys = estuary({ apiKey: "a" });
  const listed = await keys.list().toArray();
  const created = await keys.create({ name: "a", expiresIn: "720h", permissions: "upload" });
  await keys.revoke("a");
  const stats = await keys.stats();
  const exported = await keys.export();
  return [listed[0]?.raw.tokenHash, created.secret, stats.totalSize, exported.Version1.Contents[0]?.cid];
}

export async function ofOpenRouter(): Promise<unknown[]> {
  const keys = openrouter({ apiKey: "a" });
  const listed = await keys.list({ includeDisabled: true }).toArray();
  const created = await keys.create({ name: "a", limit: 25, limitReset: "monthly" });
  const key = await keys.get("a");
  const updated = await keys.update("a", { disabled: true });
  await keys.revoke("a");
  const current = await keys.current();
  return [listed[0]?.raw.hash, created.secret, key.raw.limit, updated.disabled, current.usage];
}

export async function ofCockroach(): Promise<unknown[]> {
  const keys = cockroach({ apiKey: "a" });
  const listed = await keys.list({ sortOrder: "ASC" }).toArray();
  const created = await keys.create({ name: "a", serviceAccountId: "b" });
  const key = await keys.get("a");
  const updated = await keys.update("a", { name: "b" });
  await keys.revoke("a");
  return [listed[0]?.raw.id, created.secret, key.raw.created_at, updated.name];
}
