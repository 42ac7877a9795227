/**
 * Table of spec/unleash.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "unleash",
  baseUrl: "https://unleash.test",
  selfHosted: true,
  credentialEnv: "UNLEASH_API_TOKEN",
  baseUrlEnv: "UNLEASH_BASE_URL",
  auth: [{ header: "Authorization", prefix: "" }],
  plaintext: ["^[^:\\s]+:\\S{1,100}\\.[^.\\s]{16,100}$"],
  key: { id: "/secret", name: "/tokenName", createdAt: "/createdAt", expiresAt: "/expiresAt", lastUsedAt: "/seenAt" },
  error: ["/message"],
  operations: {
    listApiKeys: {
      method: "GET",
      path: "/api/admin/api-tokens",
      idempotent: true,
      secrets: { response: ["/tokens/*/secret", "/tokens/*/alias"] },
      pagination: { style: "none", items: "/tokens" },
    },
    createApiKey: {
      method: "POST",
      path: "/api/admin/api-tokens",
      idempotent: false,
      secrets: { response: ["/secret", "/alias"] },
    },
    updateApiKey: {
      method: "PUT",
      path: "/api/admin/api-tokens/{token}",
      idempotent: true,
      secrets: { parameters: ["token"] },
    },
    deleteApiKey: {
      method: "DELETE",
      path: "/api/admin/api-tokens/{token}",
      idempotent: true,
      secrets: { parameters: ["token"] },
    },
  },
} as const;
