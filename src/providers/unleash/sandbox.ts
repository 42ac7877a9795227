import type * as wire from "../../../generated/unleash/types.js";
import { isObject, isText, parseJson } from "../../sandbox/fields.js";
import { Refusal, statusText, type Answer, type Call, type Server } from "../../sandbox/provider.js";
import { randomHex, randomUuid } from "../../sandbox/random.js";
import type { OperationId } from "../../sandbox/routes.js";
import { microsOf, type Instant } from "../../sandbox/time.js";
import { sha256 } from "../../sha256.js";

export interface NewUnleashKey {
  name?: string | undefined;
  /** `client` unless given. */
  type?: wire.TokenType | undefined;
  /** `development` unless given. */
  environment?: string | undefined;
  /** All of them unless given. */
  projects?: readonly string[] | undefined;
  /** Never unless given. */
  expiresAt?: Instant | null | undefined;
  createdAt?: Instant | undefined;
  seenAt?: Instant | null | undefined;
}

export interface UnleashSandboxOptions {
  /** The environments that Unleash has; `development` and `production` unless given. */
  unleashEnvironments?: readonly string[] | undefined;
  /** The projects that Unleash has; `default` unless given. */
  unleashProjects?: readonly string[] | undefined;
}

/** Times in milliseconds since the epoch. */
interface Row {
  secret: string;
  name: string;
  type: string;
  environment: string;
  projects: string[];
  expires: number | undefined;
  created: number;
  seen: number | undefined;
}

const MINUTE = 60_000;
const LIMIT = 2000;
const MAX_BODY = 102_400;

// Of requests that would fail for several reasons, the server names the first.
const required = (field: string) => ({
  path: `/body/${field}`,
  message: `The \`/body/${field}\` property is required. It was not present on the data you sent.`,
});
const notOne = {
  message:
    'The "/body" property must match exactly one schema in oneOf. The data you provided matches more than one option in the schema. These options are mutually exclusive. Please refer back to the schema and remove any excess properties.',
  path: "/body",
};
const login = "/auth/simple/login";

type Handler = (call: Call) => Answer;

export default function createServer(
  now: () => number,
  options: UnleashSandboxOptions,
): Server<wire.WireApiKey, NewUnleashKey> {
  const environments = new Set(options.unleashEnvironments ?? ["development", "production"]);
  const projects = new Set(options.unleashProjects ?? ["default"]);
  const rows = new Map<string, Row>();
  // Who a token is is told from memory, which is read anew once a minute.
  let known = new Map<string, Row>();
  let knownSince = -Infinity;
  /** Until when an unknown or expired token is not looked for again. */
  const refusedUntil = new Map<string, number>();
  // When tokens were last seen is written every three minutes.
  const seen = new Map<Row, number>();
  let seenSince = now();

  const handlers: Record<string, Handler> = {
    listApiKeys: () => json(200, { tokens: Array.from(rows.values(), listed) } satisfies wire.ListApiKeysResponse),

    createApiKey({ body }) {
      const row = add(readNew(parseJson(body)));
      const { name, type, environment, expires } = row;
      return json(
        201,
        {
          tokenName: name,
          projects: row.projects,
          environment,
          ...(expires === undefined ? {} : { expiresAt: iso(expires) }),
          secret: row.secret,
          type,
          alias: null,
          project: row.projects.join(","),
          createdAt: iso(row.created),
        } satisfies wire.NewApiKey,
        { location: "api-tokens" },
      );
    },

    // Whatever is named, there or not, the answer is the same.
    updateApiKey({ params: { token = "" }, body }) {
      const fields = objectOf(parseJson(body));
      if (!("expiresAt" in fields)) throw invalid([required("expiresAt")]);
      const expires = instantOf(fields["expiresAt"]);
      if (expires === undefined) throw invalid([malformed("expiresAt", fields["expiresAt"])]);
      const row = rows.get(token);
      if (row !== undefined) row.expires = expires;
      return empty(200);
    },

    deleteApiKey({ params: { token = "" } }) {
      rows.delete(token);
      return empty(200);
    },
  } satisfies Record<OperationId<"unleash">, Handler>;

  /** What the schema of the server's document says, then what is looked at later. */
  function readNew(body: unknown): Omit<Row, "secret" | "created" | "seen"> {
    const fields = objectOf(body);
    for (const field of ["type", "tokenName"]) if (!(field in fields)) throw invalid([required(field), notOne]);
    const { type, tokenName, environment = "development", projects: given = ["*"], expiresAt } = fields;
    if (!isText(type) || !/^(client|backend|frontend)$/i.test(type)) throw invalid([refused("type", type), notOne]);
    const [name, place] = Object.entries({ tokenName, environment }).map(([field, value]) => {
      const text = coerced(value);
      if (!isText(text)) throw invalid([malformed(field, value), notOne]);
      return text;
    });
    if (!Array.isArray(given)) throw invalid([malformed("projects", given), notOne]);
    const expires = expiresAt === undefined ? undefined : instantOf(expiresAt);
    if (expiresAt !== undefined && expires === undefined) throw invalid([malformed("expiresAt", expiresAt), notOne]);
    const empty = [
      ...(name ? [] : ['"tokenName" is not allowed to be empty.']),
      ...(given.length > 0 ? [] : ['"projects" must contain at least 1 items. You provided [].']),
      ...(place ? [] : ['"environment" is not allowed to be empty.']),
    ];
    if (!name || !place || empty.length > 0) throw late(REFER, empty);
    const kind = type.toLowerCase();
    return { name, type: kind, environment: placeOf(kind, place), projects: projectsOf(given.map(String)), expires };
  }

  function placeOf(type: string, environment: string): string {
    const who = type === "frontend" ? "Frontend" : "Client";
    if (environment === "*") throw wrong(`${who} token cannot be scoped to all environments`);
    if (!environments.has(environment)) throw wrong(`Environment=${environment} does not exist`);
    if (rows.size >= LIMIT) {
      const problem = `Failed to create api token. You can't create more than the established limit of ${LIMIT}.`;
      throw new Refusal(errorOf(400, "ExceedsLimitError", problem));
    }
    return environment;
  }

  function projectsOf(given: string[]): string[] {
    if (given.includes("*")) return ["*"];
    const unknown = given.find((project) => !projects.has(project));
    if (unknown !== undefined) throw wrong(`Project=${unknown} does not exist`);
    if (new Set(given).size === given.length) return given;
    const problem = 'duplicate key value violates unique constraint "api_token_project_pkey"';
    throw new Refusal(errorOf(500, "UnknownError", `INSERT INTO api_token_project VALUES ($1, $2) - ${problem}`));
  }

  function add(row: Omit<Row, "secret" | "created" | "seen"> & Partial<Row>): Row {
    const scope = row.projects.length > 1 ? "[]" : (row.projects[0] ?? "*");
    const made = { secret: `${scope}:${row.environment}.${randomHex(56)}`, created: now(), seen: undefined, ...row };
    rows.set(made.secret, made);
    known.set(made.secret, made);
    return made;
  }

  function listed({ secret, name, type, environment, projects, expires, created, seen }: Row): wire.ApiKey {
    return {
      secret,
      tokenName: name,
      type: type === "backend" ? "client" : type,
      project: projects.join(","),
      projects,
      environment,
      expiresAt: expires === undefined ? null : iso(expires),
      createdAt: iso(created),
      alias: null,
      seenAt: seen === undefined ? null : iso(seen),
    };
  }

  /** Whose token that is, as the server remembers it. */
  function tokenOf(headers: Headers): Row | undefined {
    const secret = (headers.get("authorization") ?? "").replace(/^bearer +/i, "");
    const time = now();
    if (time - knownSince >= MINUTE) {
      known = new Map([...rows].filter(([, row]) => !isExpired(row)));
      knownSince = time;
    }
    if (time - seenSince >= 3 * MINUTE) {
      for (const [row, at] of seen) row.seen = at;
      seen.clear();
      seenSince = time;
    }
    const row = known.get(secret) ?? looked(secret);
    if (row !== undefined) seen.set(row, time);
    return row;
  }

  function looked(secret: string): Row | undefined {
    if (secret === "" || (refusedUntil.get(secret) ?? -Infinity) > now()) return undefined;
    const row = rows.get(secret);
    if (row !== undefined && !isExpired(row)) {
      known.set(secret, row);
      return row;
    }
    if (refusedUntil.size > 1000) refusedUntil.clear();
    refusedUntil.set(secret, now() + 5 * MINUTE);
    return undefined;
  }

  const isExpired = ({ expires = Infinity }: Row): boolean => expires <= now();

  function authorize(headers: Headers): void {
    if (!headers.get("authorization")) {
      const problem = `You must log in to use Unleash. Your request had no authorization header, so we could not authorize you. Try logging in at ${login}`;
      const more = { path: login, type: "password", defaultHidden: false };
      throw new Refusal(foreseen(401, "AuthenticationRequired", problem, more));
    }
    const row = tokenOf(headers);
    if (row === undefined) throw new Refusal(error(401));
    if (row.type !== "admin") throw new Refusal(error(403));
  }

  /** What applications ask for, who have tokens of one kind or an admin's. */
  function forApplications(kind: string, headers: Headers, answer: (row: Row) => Answer): Answer {
    const row = tokenOf(headers);
    const problem =
      "This endpoint requires an API token. Please add an authorization header to your request with a valid token";
    if (row === undefined) return json(401, { message: problem } satisfies wire.ErrorResponse);
    const fits = row.type === "admin" || (row.type === "frontend") === (kind === "frontend");
    return fits ? answer(row) : error(403);
  }

  const applications: Record<string, (headers: Headers) => Answer> = {
    "GET /api/client/features": (headers) =>
      forApplications("client", headers, ({ environment, projects }) => {
        const queryHash = sha256(`${environment} ${projects.join()}`).slice(0, 8);
        const query = {
          ...(projects.includes("*") ? {} : { project: projects }),
          ...(environment === "*" ? {} : { environment }),
          inlineSegmentConstraints: true,
        };
        const meta = { revisionId: 0, etag: `"${queryHash}:0:v1"`, queryHash };
        return json(200, { version: 2, features: [], query, meta });
      }),
    "GET /api/frontend": (headers) => forApplications("frontend", headers, () => json(200, { toggles: [] })),
    "POST /api/client/register": (headers) => forApplications("client", headers, () => empty(202)),
    "POST /api/client/metrics": (headers) => forApplications("client", headers, () => empty(202)),
  };

  /** A body that is no JSON is refused before the credential is looked at, and one of another kind after it. */
  function checkBody({ headers, body }: Call, wanted: boolean): void {
    const type = (headers.get("content-type") ?? "").replace(/;.*/s, "").trim().toLowerCase();
    const json = type === "application/json";
    if (body.length > MAX_BODY) throw new Refusal(error(413));
    if (json && body !== "" && parseJson(body) === undefined) {
      throw new Refusal(plain(400, "Expected property name or '}' in JSON at position 1"));
    }
    authorize(headers);
    if (!wanted || json) return;
    const given = headers.get("content-type") ?? "you didn't provide one";
    const problem = `We do not accept the content-type you provided (${given}). Try using one of the content-types we do accept instead (application/json) and make sure the body is in the corresponding format.`;
    throw new Refusal(foreseen(415, "ContentTypeError", problem));
  }

  const admin = { name: "sandbox", type: "admin", environment: "*", projects: ["*"], expires: undefined };
  const credential = add({ ...admin, secret: `*:*.${"0".repeat(56)}` }).secret;

  return {
    credential,
    routed: (path) => path.replace(/(?<=.)\/$/, ""),
    answer(operation, call) {
      checkBody(call, operation === "createApiKey" || operation === "updateApiKey");
      return handlers[operation]?.(call) ?? error(404);
    },
    answerOther({ method, path, headers }) {
      const found = applications[`${method} ${path.replace(/(?<=.)\/$/, "")}`];
      if (found) return found(headers);
      // What is below /api/admin stands behind the check of the credential, whether there is such a path or not.
      if (/^\/api\/admin(\/|$)/.test(path)) authorize(headers);
      return foreseen(404, "NotFoundError", `The path you were looking for (${path}) is not available.`);
    },
    error: (status, message) => error(status === 405 ? 404 : status, message),
    fields: {
      name: "text",
      type: ["client", "backend", "frontend", "admin"],
      environment: "text",
      projects: "texts",
      expiresAt: "time",
      createdAt: "time",
      seenAt: "time",
    },
    issue({ name = "issued", type = "client", environment, projects = ["*"], expiresAt, createdAt, seenAt }) {
      const time = (instant: Instant | null | undefined) =>
        instant ? Math.floor(microsOf(instant) / 1000) : undefined;
      const { secret } = add({
        name,
        type,
        environment: environment ?? (type === "admin" ? "*" : "development"),
        projects: [...projects],
        expires: time(expiresAt),
        created: time(createdAt) ?? now(),
        seen: time(seenAt),
      });
      return { id: sha256(secret), secret };
    },
    keys: () =>
      Array.from(rows.values(), (row) => {
        const { secret: _, alias: _alias, ...shown } = listed(row);
        return shown;
      }),
  };
}

const REFER =
  "Request validation failed: your request body or params contain invalid data. Refer to the `details` list for more information.";

const iso = (ms: number): string => new Date(ms).toISOString();

/** RFC 3339, also with a space in it or without an offset, which is then UTC. */
function instantOf(value: unknown): number | undefined {
  if (!isText(value)) return undefined;
  const [, day = "", time = "", fraction = "", offset = ""] =
    /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)?$/.exec(value) ?? [];
  const local = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(local) || !iso(local).startsWith(day)) return undefined;
  return Date.parse(`${day}T${time}${fraction.slice(0, 4)}${offset.toUpperCase() || "Z"}`);
}

function objectOf(body: unknown): Record<string, unknown> {
  const value = body === undefined ? {} : body;
  if (isObject(value)) return value;
  const message = `The \`/body\` property must be object. You sent ${JSON.stringify(value)}.`;
  throw invalid([{ message, path: "/body" }]);
}

function malformed(field: string, value: unknown): wire.ErrorDetail {
  const what = { expiresAt: 'match format "date-time"', projects: "be array" }[field] ?? "be string";
  const sent = JSON.stringify(field === "projects" ? value : coerced(value));
  return { message: `The \`/body/${field}\` property must ${what}. You sent ${sent}.`, path: `/body/${field}` };
}

function refused(field: string, value: unknown): wire.ErrorDetail {
  const pattern = "^([Cc][Ll][Ii][Ee][Nn][Tt]|[Bb][Aa][Cc][Kk][Ee][Nn][Dd]|[Ff][Rr][Oo][Nn][Tt][Ee][Nn][Dd])$";
  const message = `The \`/body/${field}\` property must match pattern "${pattern}". You sent ${JSON.stringify(coerced(value))}.`;
  return { message, path: `/body/${field}` };
}

/** Where a text is wanted, null counts as an empty one, and a number or a boolean as its text. */
function coerced(value: unknown): unknown {
  if (value === null) return "";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

function json(status: number, value: object, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

const empty = (status: number): Answer => ({ status, headers: {}, body: null });

const plain = (status: number, message: string): Answer => json(status, { message } satisfies wire.ErrorResponse);

function errorOf(status: number, name: string, message: string, details = [message], more: object = {}): Answer {
  const told = details.map((message) => ({ message }));
  return json(status, { name, message, details: told, ...more } satisfies wire.ErrorResponse);
}

/** With an id, as of what the server foresees. */
function foreseen(status: number, name: string, message: string, more: object = {}): Answer {
  return errorOf(status, name, message, [message], { id: randomUuid(), ...more });
}

/** Of what the schema of the server's document finds. */
function invalid(details: wire.ErrorDetail[]): Refusal {
  return new Refusal(
    json(400, { id: randomUuid(), name: "BadDataError", message: REFER, details } satisfies wire.ErrorResponse),
  );
}

/** Of what is found later. */
const late = (message: string, details: string[]): Refusal =>
  new Refusal(errorOf(400, "BadDataError", message, details));
const wrong = (problem: string): Refusal =>
  late(`Request validation failed: your request body or params contain invalid data: ${problem}`, [problem]);

function error(status: number, message?: string): Answer {
  if (status === 401) return foreseen(401, "UnauthorizedError", message ?? "You must log in to use Unleash.");
  if (status === 403) return plain(403, message ?? "invalid token: expected a different token type for this endpoint");
  if (status === 413) return plain(413, message ?? "request entity too large");
  if (status === 404)
    return foreseen(404, "NotFoundError", message ?? "The path you were looking for is not available.");
  return errorOf(status, status < 500 ? "BadDataError" : "UnknownError", message ?? statusText(status));
}
