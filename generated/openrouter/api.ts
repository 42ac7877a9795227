/**
 * Table of spec/openrouter.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "openrouter",
  baseUrl: "https://openrouter.ai/api/v1",
  credentialEnv: "OPENROUTER_MANAGEMENT_KEY",
  baseUrlEnv: "OPENROUTER_BASE_URL",
  auth: [{ header: "Authorization", prefix: "Bearer " }],
  plaintext: ["^sk-or-"],
  key: {
    id: "/hash",
    name: "/name",
    createdAt: "/created_at",
    expiresAt: "/expires_at",
    lastUsedAt: "/last_used_at",
    useRecordedSince: "2025-12-31",
    disabled: "/disabled",
    limit: "/limit",
    limitRemaining: "/limit_remaining",
    usage: "/usage",
  },
  error: ["/error"],
  absent: { "/error/code": { type: "integer" }, "/error/message": { type: "string" } },
  operations: {
    getCurrentApiKey: { method: "GET", path: "/key", idempotent: true },
    listApiKeys: {
      method: "GET",
      path: "/keys",
      idempotent: true,
      pagination: { style: "offset", offsetParam: "offset", items: "/data" },
    },
    createApiKey: {
      method: "POST",
      path: "/keys",
      idempotent: false,
      secrets: { request: ["/external/api_key"], response: ["/key"] },
    },
    getApiKey: { method: "GET", path: "/keys/{hash}", idempotent: true },
    deleteApiKey: { method: "DELETE", path: "/keys/{hash}", idempotent: true },
    updateApiKey: { method: "PATCH", path: "/keys/{hash}", idempotent: true },
  },
} as const;
