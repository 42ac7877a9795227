import type * as wire from "../../../generated/openaiproject/types.js";
import { Fields, isBoolean, isFilled, isText, orNull } from "../../sandbox/fields.js";
import type { Answer, Call, Server } from "../../sandbox/provider.js";
import { base62, randomText } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import type { Instant } from "../../sandbox/time.js";
import {
  credentialOf,
  error,
  expiryOf,
  incorrect,
  invalid,
  json,
  listed,
  pageRequestOf,
  redacted,
  refused,
  secondsOf,
} from "../openai/sandbox-answers.js";
import { KeyRows } from "../openai/sandbox-rows.js";

export interface NewOpenAIProjectKey {
  name?: string | undefined;
  /** The project that has it; `openaiProjects.main` unless given. */
  project?: string | undefined;
  /** The service account that it is of; the project's own one unless given. */
  serviceAccountId?: string | undefined;
  /** It is a user's, and of no service account. */
  ofUser?: boolean | undefined;
  /** `false`: its owner cannot use the project any more. */
  ownerHasAccess?: boolean | undefined;
  createdAt?: Instant | undefined;
  /** null, as when it is left out: never. */
  expiresAt?: Instant | null | undefined;
  lastUsedAt?: Instant | null | undefined;
}

const openaiProjects = { main: "proj_main", other: "proj_other", archived: "proj_archived" } as const;

export interface OpenAIProjectSandbox {
  /** OpenAI projects that there are: two in use, the first of which is the usual one, and one that is archived. */
  openaiProjects: Readonly<Record<"main" | "other" | "archived", string>>;
}

interface Row {
  readonly id: string;
  readonly secret: string;
  readonly project: string;
  readonly key: wire.ApiKey;
}

interface Account {
  readonly project: string;
  readonly owner: wire.OwningServiceAccount & { name: string; created_at: number };
}

type Handler = (call: Call, project: string) => Answer;

/** What a key is called that is made with its account. */
const FIRST_KEY = "Secret Key";

/** Accounts outlive their keys. Beyond this many the oldest is forgotten, but for those that each project begins with. */
const MAX_ACCOUNTS = 10_000;
const LASTING_ACCOUNTS = Object.keys(openaiProjects).length;

const isScopes = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

export default function createServer(
  now: () => number,
): Server<wire.WireApiKey, NewOpenAIProjectKey> & { extras: OpenAIProjectSandbox } {
  const rows = new KeyRows<Row>();
  const bySecret = new Map<string, Row>();
  const accounts = new Map<string, Account>();
  const seconds = () => Math.floor(now() / 1000);

  const handlers: Record<string, Handler> = {
    listApiKeys({ query }, project) {
      const access = query.get("owner_project_access") ?? "active";
      if (!["active", "inactive", "any"].includes(access)) {
        throw invalid("owner_project_access must be active, inactive or any");
      }
      const page = rows.page(
        pageRequestOf(query, 100),
        (row) => row.project === project && (access === "any" || row.key.owner_project_access === access),
      );
      const keys = page.rows.map(({ key }) => key);
      return json(200, listed(keys, page.hasMore) satisfies wire.ListApiKeysResponse);
    },

    getApiKey: ({ params }, project) => json(200, find(params, project).key satisfies wire.ApiKey),

    updateApiKey({ params, body }, project) {
      const fields = new Fields(body, invalid);
      const scopes = fields.optional("scopes", isScopes, "a list of texts");
      const expiry = expiryOf(fields, seconds());
      if (scopes === undefined && expiry === null) throw invalid("scopes or expires_in_seconds is needed");
      const { key } = find(params, project);
      if (hasExpired(key)) throw invalid("the key has expired");
      if (expiry !== null) key.expires_at = expiry;
      return json(200, key satisfies wire.ApiKey);
    },

    deleteApiKey({ params }, project) {
      const row = find(params, project);
      rows.remove(row);
      bySecret.delete(row.secret);
      const deleted = { object: "organization.project.api_key.deleted", id: row.id, deleted: true } as const;
      return json(200, deleted satisfies wire.DeleteApiKeyResponse);
    },

    createServiceAccount({ body }, project) {
      const fields = new Fields(body, invalid);
      const name = fields.required("name", isFilled, "a string that is not empty");
      const alone = fields.optional("create_service_account_only", orNull(isBoolean), "a boolean or null") ?? false;
      const expires_at = expiryOf(fields, seconds());
      if (alone && expires_at !== null)
        throw invalid("expires_in_seconds must be left out for an account without a key");
      requireActive(project);
      const { owner } = addAccount(project, name, alone ? "none" : "member");
      const created: wire.CreateServiceAccountResponse = {
        object: "organization.project.service_account",
        id: owner.id,
        name,
        role: alone ? "none" : "member",
        created_at: owner.created_at,
        api_key: alone ? null : createdOf(add(project, ofAccount(owner), { name: FIRST_KEY, expires_at })),
      };
      return json(200, created);
    },

    createApiKey({ params, body }, project) {
      const fields = new Fields(body === "" ? "{}" : body, invalid);
      const name = fields.optional("name", isText, "a string") ?? FIRST_KEY;
      fields.optional("scopes", isScopes, "a list of texts");
      const expires_at = expiryOf(fields, seconds());
      const account = accounts.get(params["service_account_id"] ?? "");
      if (account?.project !== project) throw refused(404, "No such service account");
      requireActive(project);
      return json(200, createdOf(add(project, ofAccount(account.owner), { name, expires_at })));
    },
  } satisfies Record<OperationId<"openaiproject">, Handler>;

  function add(project: string, owner: wire.KeyOwner, fields: Partial<wire.ApiKey>): Row {
    const secret = `sk-${randomText(48, base62)}`;
    const created = fields.created_at ?? seconds();
    const id = rows.newId(created);
    const key: wire.ApiKey = {
      object: "organization.project.api_key",
      id,
      name: FIRST_KEY,
      redacted_value: redacted(secret, 6),
      created_at: created,
      last_used_at: null,
      expires_at: null,
      owner_project_access: "active",
      owner,
      ...fields,
    };
    const row = { id, secret, project, key };
    rows.add(row);
    bySecret.set(secret, row);
    return row;
  }

  function addAccount(project: string, name: string, role: string, id = `svc_acct_${randomText(12, base62)}`): Account {
    const account = { project, owner: { id, name, created_at: seconds(), role } };
    accounts.set(id, account);
    if (accounts.size > MAX_ACCOUNTS) accounts.delete([...accounts.keys()][LASTING_ACCOUNTS] ?? id);
    return account;
  }

  function hasExpired({ expires_at }: wire.ApiKey): boolean {
    return expires_at !== null && expires_at !== undefined && expires_at <= seconds();
  }

  function authenticate(headers: Headers): void {
    const secret = credentialOf(headers);
    if (secret === credential) return;
    const row = bySecret.get(secret);
    if (row === undefined || hasExpired(row.key)) throw incorrect(secret);
    throw refused(403);
  }

  function find({ api_key_id: id = "" }: Call["params"], project: string): Row {
    const row = rows.get(id);
    if (row?.project !== project) throw refused(404);
    return row;
  }

  function issue({ name = "issued", project = openaiProjects.main, ofUser = false, ...key }: NewOpenAIProjectKey) {
    const { serviceAccountId = accountOf(project), ownerHasAccess = true, createdAt, expiresAt, lastUsedAt } = key;
    const account = accounts.get(serviceAccountId) ?? addAccount(project, name, "member", serviceAccountId);
    const { id, secret } = add(project, ofUser ? user : ofAccount(account.owner), {
      name,
      owner_project_access: ownerHasAccess ? "active" : "inactive",
      expires_at: expiresAt ? secondsOf(expiresAt) : null,
      last_used_at: lastUsedAt ? secondsOf(lastUsedAt) : null,
      ...(createdAt === undefined ? {} : { created_at: secondsOf(createdAt) }),
    });
    return { id, secret };
  }

  const credential = `sk-admin-${"0".repeat(48)}`;
  for (const project of Object.values(openaiProjects)) addAccount(project, "Sandbox", "member", accountOf(project));
  // The credential is none of a project's keys. One that is there from the beginning is like what others begin with.
  issue({ name: "sandbox" });

  return {
    credential,
    parents: { project: openaiProjects.main },
    answer(operation, call) {
      authenticate(call.headers);
      const { project_id: project = "" } = call.params;
      if (!projects.has(project)) {
        throw refused(404, `The project ${project} was not found`, { code: "project_not_found" });
      }
      return handlers[operation]?.(call, project) ?? error(404);
    },
    error,
    fields: {
      name: "text",
      project: Object.values(openaiProjects),
      serviceAccountId: "text",
      ofUser: "boolean",
      ownerHasAccess: "boolean",
      createdAt: "time",
      expiresAt: "time",
      lastUsedAt: "time",
    },
    issue,
    keys: () => rows.all().map(({ key }) => ({ ...key })),
    extras: { openaiProjects },
  };
}

const projects = new Set<string>(Object.values(openaiProjects));

/** The service account that a project has from the beginning. */
const accountOf = (project: string): string => `svc_acct_${project.replace(/^proj_/, "")}`;

const user: wire.KeyOwner = {
  type: "user",
  user: { id: "user_sandbox", name: "Sandbox", email: "sandbox@example.com", created_at: 0, role: "owner" },
};

const ofAccount = (owner: wire.OwningServiceAccount): wire.KeyOwner => ({
  type: "service_account",
  service_account: owner,
});

/** A new key, as the answer to its creation shows it. */
const createdOf = ({ id, secret, key }: Row): wire.CreatedApiKey => ({
  object: "organization.project.service_account.api_key",
  id,
  name: key.name,
  created_at: key.created_at,
  expires_at: key.expires_at ?? null,
  value: secret,
});

/** An archived project makes no keys. @throws Refusal */
function requireActive(project: string): void {
  if (project === openaiProjects.archived) throw refused(400, `The project ${project} is archived`);
}
