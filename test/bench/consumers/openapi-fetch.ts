/** The same 16 operations through openapi-fetch alone, over the same types. Compiled, never run. */
import createClient from "openapi-fetch";
import type { cockroach, estuary, openrouter } from "../../../src/types.js";

const headers = { authorization: "Bearer a" };

export async function ofEstuary(): Promise<unknown[]> {
  const client = createClient<estuary.paths>({ headers });
  const listed = await client.GET("/user/api-keys");
  const query = { label: "a", expiry: "720h", perms: "upload" } as const;
  const created = await client.POST("/user/api-keys", { params: { query } });
  await client.DELETE("/user/api-keys/{key_or_hash}", { params: { path: { key_or_hash: "a" } } });
  const stats = await client.GET("/user/stats");
  const exported = await client.GET("/user/export");
  return [
    listed.data?.[0]?.tokenHash,
    created.data?.token,
    stats.data?.totalSize,
    exported.data?.Version1.Contents[0]?.cid,
  ];
}

export async function ofOpenRouter(): Promise<unknown[]> {
  const client = createClient<openrouter.paths>({ headers });
  const params = { path: { hash: "a" } };
  const listed = await client.GET("/keys", { params: { query: { include_disabled: true } } });
  const created = await client.POST("/keys", { body: { name: "a", limit: 25, limit_reset: "monthly" } });
  const key = await client.GET("/keys/{hash}", { params });
  const updated = await client.PATCH("/keys/{hash}", { params, body: { disabled: true } });
  await client.DELETE("/keys/{hash}", { params });
  const current = await client.GET("/key");
  return [
    listed.data?.data[0]?.hash,
    created.data?.key,
    key.data?.data.limit,
    updated.data?.data.disabled,
    current.data?.data.usage,
  ];
}

export async function ofCockroach(): Promise<unknown[]> {
  const client = createClient<cockroach.paths>({ headers });
  const params = { path: { id: "a" } };
  const listed = await client.GET("/api/v1/api-keys", { params: { query: { "pagination.sort_order": "ASC" } } });
  const created = await client.POST("/api/v1/api-keys", { body: { name: "a", service_account_id: "b" } });
  const key = await client.GET("/api/v1/api-keys/{id}", { params });
  const updated = await client.PATCH("/api/v1/api-keys/{id}", { params, body: { name: "b" } });
  await client.DELETE("/api/v1/api-keys/{id}", { params });
  return [listed.data?.api_keys[0]?.id, created.data?.secret, key.data?.created_at, updated.data?.name];
}
