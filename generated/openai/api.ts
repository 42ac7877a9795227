/**
 * Table of spec/openai.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "openai",
  baseUrl: "https://api.openai.com/v1",
  credentialEnv: "OPENAI_ADMIN_KEY",
  baseUrlEnv: "OPENAI_BASE_URL",
  auth: [{ header: "Authorization", prefix: "Bearer " }],
  plaintext: ["^sk-admin-"],
  key: {
    id: "/id",
    name: "/name",
    createdAt: "/created_at",
    expiresAt: "/expires_at",
    lastUsedAt: "/last_used_at",
    units: { createdAt: 1000, expiresAt: 1000, lastUsedAt: 1000 },
  },
  error: ["/error"],
  absent: { "/error/message": { type: "string" }, "/error/type": { type: "string" } },
  operations: {
    listApiKeys: {
      method: "GET",
      path: "/organization/admin_api_keys",
      idempotent: true,
      pagination: {
        style: "cursor",
        cursorParam: "after",
        nextCursor: "/data/-1/id",
        items: "/data",
        hasMore: "/has_more",
      },
    },
    createApiKey: {
      method: "POST",
      path: "/organization/admin_api_keys",
      idempotent: false,
      secrets: { response: ["/value"] },
    },
    getApiKey: { method: "GET", path: "/organization/admin_api_keys/{key_id}", idempotent: true },
    deleteApiKey: { method: "DELETE", path: "/organization/admin_api_keys/{key_id}", idempotent: true },
  },
} as const;
