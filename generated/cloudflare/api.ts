/**
 * Table of spec/cloudflare.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "cloudflare",
  baseUrl: "https://api.cloudflare.com/client/v4",
  credentialEnv: "CLOUDFLARE_API_TOKEN",
  baseUrlEnv: "CLOUDFLARE_BASE_URL",
  rateLimit: { requests: 1200, seconds: 300 },
  auth: [{ header: "Authorization", prefix: "Bearer " }],
  parents: { account_id: { option: "account", env: "CLOUDFLARE_ACCOUNT_ID" } },
  envelope: { success: "/success", result: "/result" },
  plaintext: ["^(cf[au]t_|[\\w-]{40}$)"],
  key: {
    id: "/id",
    name: "/name",
    createdAt: "/issued_on",
    expiresAt: "/expires_on",
    lastUsedAt: "/last_used_on",
    disabled: "/status",
    disabledWhen: ["disabled", "revoked (exposed)"],
  },
  error: ["/success", "/errors"],
  absent: {
    "/success": { const: false },
    "/errors/0/code": { type: "integer" },
    "/errors/0/message": { type: "string" },
  },
  operations: {
    listApiKeys: {
      method: "GET",
      path: "/user/tokens",
      idempotent: true,
      pagination: {
        style: "page",
        offsetParam: "page",
        limit: { parameter: "per_page", least: 5, most: 50 },
        items: "/result",
      },
    },
    createApiKey: { method: "POST", path: "/user/tokens", idempotent: false, secrets: { response: ["/result/value"] } },
    verifyApiKey: { method: "GET", path: "/user/tokens/verify", idempotent: true },
    getApiKey: { method: "GET", path: "/user/tokens/{token_id}", idempotent: true },
    updateApiKey: { method: "PUT", path: "/user/tokens/{token_id}", idempotent: true },
    deleteApiKey: { method: "DELETE", path: "/user/tokens/{token_id}", idempotent: true },
    rollApiKey: {
      method: "PUT",
      path: "/user/tokens/{token_id}/value",
      idempotent: false,
      secrets: { response: ["/result"] },
    },
    listAccountApiKeys: {
      method: "GET",
      path: "/accounts/{account_id}/tokens",
      idempotent: true,
      pagination: {
        style: "page",
        offsetParam: "page",
        limit: { parameter: "per_page", least: 5, most: 50 },
        items: "/result",
      },
    },
    createAccountApiKey: {
      method: "POST",
      path: "/accounts/{account_id}/tokens",
      idempotent: false,
      secrets: { response: ["/result/value"] },
    },
    verifyAccountApiKey: { method: "GET", path: "/accounts/{account_id}/tokens/verify", idempotent: true },
    getAccountApiKey: { method: "GET", path: "/accounts/{account_id}/tokens/{token_id}", idempotent: true },
    updateAccountApiKey: { method: "PUT", path: "/accounts/{account_id}/tokens/{token_id}", idempotent: true },
    deleteAccountApiKey: { method: "DELETE", path: "/accounts/{account_id}/tokens/{token_id}", idempotent: true },
    rollAccountApiKey: {
      method: "PUT",
      path: "/accounts/{account_id}/tokens/{token_id}/value",
      idempotent: false,
      secrets: { response: ["/result"] },
    },
  },
} as const;
