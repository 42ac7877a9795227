/**
 * Table of spec/cockroach.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "cockroach",
  baseUrl: "https://cockroachlabs.cloud",
  credentialEnv: "COCKROACH_API_KEY",
  baseUrlEnv: "COCKROACH_BASE_URL",
  headers: { "Cc-Version": "2024-09-16" },
  rateLimit: { requests: 10, seconds: 1 },
  auth: [{ header: "Authorization", prefix: "Bearer " }],
  plaintext: ["^CCDB1_[^_]+_"],
  key: { id: "/id", name: "/name", createdAt: "/created_at" },
  absent: { "/code": { const: 5 } },
  operations: {
    listApiKeys: {
      method: "GET",
      path: "/api/v1/api-keys",
      idempotent: true,
      pagination: {
        style: "cursor",
        cursorParam: "pagination.page",
        nextCursor: "/pagination/next_page",
        items: "/api_keys",
      },
    },
    createApiKey: { method: "POST", path: "/api/v1/api-keys", idempotent: false, secrets: { response: ["/secret"] } },
    getApiKey: { method: "GET", path: "/api/v1/api-keys/{id}", idempotent: true },
    deleteApiKey: { method: "DELETE", path: "/api/v1/api-keys/{id}", idempotent: true },
    updateApiKey: { method: "PATCH", path: "/api/v1/api-keys/{id}", idempotent: true },
  },
} as const;
