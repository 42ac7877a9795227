/** A provider as a simulation has it: the sandbox's own, but for lists that show what was there a while ago. */
import servers from "../../generated/servers.js";
import type { ProviderName } from "../../src/index.js";
import { Refusal, type Answer, type IssuedKey, type Server as Provider } from "../../src/sandbox/provider.js";
import { prefixOf, route } from "../../src/sandbox/routes.js";
import { sha256 } from "../../src/sha256.js";
import type { Schedule } from "./schedule.js";
import type { World } from "./world.js";

/** When simulations begin. */
const BEGIN = Date.UTC(2026, 10, 25);

const BASE_URL = "https://provider.test";

interface Row {
  id: string;
  disabled: boolean;
  /** As the list has it. */
  wire: object;
}

/** What of a provider's wire format is needed to serve old lists, and to tell what a create has made. */
interface Backend {
  provider: Pick<Provider<unknown, unknown>, "credential" | "answer" | "error">;
  issue: (name: string) => IssuedKey;
  rows: () => Row[];
  list: (rows: Row[], query: URLSearchParams) => object;
  created: (body: string) => IssuedKey;
}

const backends: Record<ProviderName, (now: () => number, pageSize: number) => Backend> = {
  estuary: (now) => {
    const provider = servers.estuary(now, {});
    return {
      provider,
      issue: (label) => provider.issue({ label }),
      rows: () => provider.keys().map((wire) => ({ id: String(wire.tokenHash), disabled: false, wire })),
      list: (rows) => rows.map(({ wire }) => ({ token: "", ...wire })),
      created: (body) => {
        const { token, tokenHash } = JSON.parse(body) as { token: string; tokenHash: string };
        return { id: tokenHash, secret: token };
      },
    };
  },
  openrouter: (now, pageSize) => {
    const provider = servers.openrouter(now, { pageSize });
    return {
      provider,
      issue: (name) => provider.issue({ name, limit: 20 }),
      rows: () => provider.keys().map((wire) => ({ id: wire.hash, disabled: wire.disabled, wire })),
      list: (rows, query) => {
        const offset = Number(query.get("offset") ?? 0);
        return {
          data: [...rows]
            .reverse()
            .slice(offset, offset + pageSize)
            .map(({ wire }) => wire),
        };
      },
      created: (body) => {
        const { data, key } = JSON.parse(body) as { data: { hash: string }; key: string };
        return { id: data.hash, secret: key };
      },
    };
  },
  cockroach: (now) => {
    const provider = servers.cockroach(now);
    return {
      provider,
      issue: (name) => provider.issue({ name }),
      rows: () => provider.keys().map((wire) => ({ id: wire.id, disabled: false, wire: { ...wire } })),
      list: (rows) => ({ api_keys: rows.map(({ wire }) => wire), pagination: { next_page: "", previous_page: "" } }),
      created: (body) => {
        const { api_key, secret } = JSON.parse(body) as { api_key: { id: string }; secret: string };
        return { id: api_key.id, secret };
      },
    };
  },
  openai: (now) => likeOpenAI(servers.openai(now)),
  openaiproject: (now) => likeOpenAI(servers.openaiproject(now)),
  cloudflare: (now, pageSize) => {
    const provider = servers.cloudflare(now);
    return {
      provider,
      issue: (name) => provider.issue({ name }),
      rows: () => provider.keys().map((wire) => ({ id: wire.id, disabled: wire.status === "disabled", wire })),
      list: (rows, query) => {
        const page = Number(query.get("page") ?? 1);
        return {
          success: true,
          errors: [],
          messages: [],
          result: rows.slice((page - 1) * pageSize, page * pageSize).map(({ wire }) => wire),
          result_info: { page, total_pages: Math.ceil(rows.length / pageSize) },
        };
      },
      created: (body) => {
        const { result } = JSON.parse(body) as { result: { id: string; value: string } };
        return { id: result.id, secret: result.value };
      },
    };
  },
  unleash: (now) => {
    const provider = servers.unleash(now, {});
    const headers = new Headers({ authorization: provider.credential });
    return {
      provider,
      issue: (name) => provider.issue({ name }),
      rows: () => {
        const { body } = provider.answer("listApiKeys", {
          params: {},
          query: new URLSearchParams(),
          headers,
          body: "",
        });
        const { tokens } = JSON.parse(String(body)) as { tokens: { secret: string }[] };
        return tokens.map((wire) => ({ id: sha256(wire.secret), disabled: false, wire }));
      },
      list: (rows) => ({ tokens: rows.map(({ wire }) => wire) }),
      created: (body) => {
        const { secret } = JSON.parse(body) as { secret: string };
        return { id: sha256(secret), secret };
      },
    };
  },
};

function likeOpenAI(provider: Provider<{ id: string }, { name: string }>): Backend {
  return {
    provider,
    issue: (name) => provider.issue({ name }),
    rows: () => provider.keys().map((wire) => ({ id: wire.id, disabled: false, wire })),
    list: (rows) => ({ object: "list", data: rows.map(({ wire }) => wire), has_more: false }),
    created: (body) => {
      const { id, value } = JSON.parse(body) as { id: string; value: string };
      return { id, secret: value };
    },
  };
}

/** A request on its way. */
export interface Sent {
  /** Its operationId. */
  operation: string;
  params: Readonly<Record<string, string>>;
  /** Of the key that it is about; empty where it is about none. */
  id: string;
  place: URL;
  method: string;
  headers: Headers;
  body: string;
}

export class Server {
  readonly provider: ProviderName;
  readonly baseUrl: string;
  /** Of a key that nobody rotates, and that may do everything. */
  readonly credential: string;
  readonly #world: World;
  readonly #backend: Backend;
  readonly #history: { at: number; rows: Row[] }[] = [];
  readonly #unknownMs: number;
  /** When keys were made through the API, by plaintext. */
  readonly #born = new Map<string, number>();
  #live = new Set<string>();

  constructor(world: World, { provider, pageSize, unknownMs }: Pick<Schedule, "provider" | "pageSize" | "unknownMs">) {
    this.provider = provider;
    this.baseUrl = BASE_URL + prefixOf(provider);
    this.#world = world;
    this.#unknownMs = unknownMs;
    this.#backend = backends[provider](() => this.now, pageSize);
    this.credential = this.#backend.provider.credential;
    this.#changed();
  }

  /** Milliseconds since the epoch, by the server's clock. */
  get now(): number {
    return BEGIN + this.#world.now;
  }

  issue(name: string): IssuedKey {
    const issued = this.#backend.issue(name);
    // It was there long before the simulation begins, so every list shows it.
    this.#history.length = 0;
    this.#changed();
    return issued;
  }

  /** The ids of the keys that work. */
  live(): ReadonlySet<string> {
    return this.#live;
  }

  received(method: string, url: string, headers: Headers, body: string): Sent {
    const place = new URL(url);
    const { operation = method, params = {} } = route(method, place, (_provider, path) => path)?.match ?? {};
    const [id = ""] = Object.values(params);
    return { operation, params, id, place, method, headers, body };
  }

  /**
   * What a request does, and is answered.
   *
   * @param behind how many milliseconds ago a list shows what was there; asked for each row with `holes`
   */
  answer({ operation, params, place, method, headers, body }: Sent, behind: () => number, holes: boolean): Answer {
    const [, secret = ""] = (headers.get("authorization") ?? "").split(" ");
    if (this.#world.now < (this.#born.get(secret) ?? -Infinity) + this.#unknownMs) return this.error(401);
    let answer: Answer;
    try {
      answer = this.#backend.provider.answer(operation, { params, query: place.searchParams, headers, body });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.answer;
    }
    if (method !== "GET") this.#changed();
    if (operation === "createApiKey") this.#born.set(this.created(answer).secret, this.#world.now);
    if (operation !== "listApiKeys") return answer;
    const ms = holes ? Infinity : behind();
    if (ms === 0) return answer;
    const rows = holes ? this.#withHoles(behind) : this.#ago(ms);
    return { ...answer, body: JSON.stringify(this.#backend.list(rows, place.searchParams)) };
  }

  #ago(ms: number): Row[] {
    return latest(this.#history, this.#world.now - ms)?.rows ?? this.#history[0]?.rows ?? [];
  }

  #withHoles(behind: () => number): Row[] {
    const all = new Set(this.#history.flatMap(({ rows }) => rows.map(({ id }) => id)));
    return [...all].flatMap((id) => this.#ago(behind()).find((row) => row.id === id) ?? []);
  }

  error(status: number): Answer {
    return this.#backend.provider.error(status);
  }

  /** What the answer to a create shows. */
  created({ body }: Answer): IssuedKey {
    return this.#backend.created(body ?? "");
  }

  #changed(): void {
    const rows = this.#backend.rows();
    this.#history.push({ at: this.#world.now, rows });
    this.#live = new Set(rows.filter(({ disabled }) => !disabled).map(({ id }) => id));
  }
}

/** The last that is no later than this. */
export function latest<T extends { at: number }>(history: T[], at: number): T | undefined {
  return history.filter((one) => one.at <= at).at(-1);
}
