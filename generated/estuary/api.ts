/**
 * Table of spec/estuary.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "estuary",
  baseUrl: "https://api.estuary.tech",
  credentialEnv: "ESTUARY_API_KEY",
  baseUrlEnv: "ESTUARY_BASE_URL",
  rateLimit: { requests: 200, seconds: 1 },
  auth: [{ header: "Authorization", prefix: "Bearer " }],
  plaintext: ["^(|EST.+ARY)$"],
  key: { id: "/tokenHash", name: "/label", expiresAt: "/expiry" },
  error: ["/error"],
  absent: {
    "/error/code": { type: "integer" },
    "/error/reason": { type: "string" },
    "/error/details": { type: "string" },
  },
  operations: {
    listApiKeys: { method: "GET", path: "/user/api-keys", idempotent: true, secrets: { response: ["/*/token"] } },
    createApiKey: { method: "POST", path: "/user/api-keys", idempotent: false, secrets: { response: ["/token"] } },
    deleteApiKey: {
      method: "DELETE",
      path: "/user/api-keys/{key_or_hash}",
      idempotent: true,
      secrets: { parameters: ["key_or_hash"] },
    },
    exportUserData: { method: "GET", path: "/user/export", idempotent: true },
    getUserStats: { method: "GET", path: "/user/stats", idempotent: true },
  },
} as const;
