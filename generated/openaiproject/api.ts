/**
 * Table of spec/openaiproject.yaml.
 * Generated: change the spec and run `npm run generate`.
 */

/** What the spec says of the API and of each operation, as data. */
export const api = {
  provider: "openaiproject",
  baseUrl: "https://api.openai.com/v1",
  credentialEnv: "OPENAI_ADMIN_KEY",
  baseUrlEnv: "OPENAI_BASE_URL",
  auth: [{ header: "Authorization", prefix: "Bearer " }],
  parents: { project_id: { option: "project", env: "OPENAI_PROJECT_ID", required: true } },
  plaintext: ["^sk-"],
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
      path: "/organization/projects/{project_id}/api_keys",
      idempotent: true,
      pagination: {
        style: "cursor",
        cursorParam: "after",
        limit: { parameter: "limit", least: 1, most: 100 },
        nextCursor: "/last_id",
        items: "/data",
        hasMore: "/has_more",
      },
    },
    getApiKey: { method: "GET", path: "/organization/projects/{project_id}/api_keys/{api_key_id}", idempotent: true },
    updateApiKey: {
      method: "POST",
      path: "/organization/projects/{project_id}/api_keys/{api_key_id}",
      idempotent: true,
    },
    deleteApiKey: {
      method: "DELETE",
      path: "/organization/projects/{project_id}/api_keys/{api_key_id}",
      idempotent: true,
    },
    createServiceAccount: {
      method: "POST",
      path: "/organization/projects/{project_id}/service_accounts",
      idempotent: false,
      secrets: { response: ["/api_key/value"] },
    },
    createApiKey: {
      method: "POST",
      path: "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
      idempotent: false,
      secrets: { response: ["/value"] },
    },
  },
} as const;
