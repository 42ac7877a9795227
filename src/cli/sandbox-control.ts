/** A sandbox that can begin anew and whose clock can be moved, and the route by which programs of any language do that. */
import { isIP } from "node:net";
import { durationMs } from "../go-duration.js";
import { isObject, parsed } from "../json.js";
import { createSandbox, type Fault, type Sandbox, type SandboxOptions } from "../sandbox/index.js";
import { parseRfc3339 } from "../sandbox/time.js";
import { faultOf } from "./sandbox-faults.js";
import { plant, seedsOf, type Planted, type Seed } from "./sandbox-seeds.js";
import { bounds } from "./serve-sandbox.js";

export interface Beginning {
  seeds: readonly Seed[];
  faults: readonly Fault[];
  rateLimit: SandboxOptions["rateLimit"];
  /** In milliseconds since the epoch; the machine's clock unless given. It goes on from there. */
  now: number | undefined;
}

/** Before, times have no four digits; after, what a key's life is added to has not. */
const EARLIEST = Date.parse("1970-01-01T00:00:00Z");
const LATEST = Date.parse("9000-01-01T00:00:00Z");

/** The time in milliseconds since the epoch. @throws RangeError where it is none, or none for a sandbox */
export function timeIn(text: unknown): number {
  const whole = typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const micros = typeof whole === "string" ? parseRfc3339(whole)?.micros : undefined;
  if (micros === undefined) throw new RangeError("it is no time: give one such as 2027-12-31 or 2027-12-31T23:59:59Z");
  return within(micros / 1_000);
}

function within(ms: number): number {
  if (ms >= EARLIEST && ms < LATEST) return ms;
  throw new RangeError("it is no time of the years 1970 to 8999");
}

export class RestartableSandbox {
  readonly #beginning: Beginning;
  #ahead = 0;
  #sandbox: Sandbox;
  #planted: Planted[];

  /** @throws RangeError where a seed or a fault is none */
  constructor(beginning: Beginning) {
    this.#beginning = beginning;
    [this.#sandbox, this.#planted] = this.#begun();
  }

  get current(): Sandbox {
    return this.#sandbox;
  }

  /** The variables that the plaintexts of keys are given in. */
  get variables(): Record<string, string> {
    return Object.fromEntries(
      this.#planted.flatMap(({ variable, secret }) => (variable === undefined ? [] : [[variable, secret] as const])),
    );
  }

  now = (): number => Date.now() + this.#ahead;

  /** @throws RangeError where that is no time for a sandbox */
  moveTo(ms: number): void {
    this.#ahead = within(ms) - Date.now();
  }

  /** @throws RangeError naming the place of a seed that cannot be put there */
  plant(seeds: readonly Seed[]): Planted[] {
    const planted = plant(this.#sandbox, seeds, this.now());
    this.#planted.push(...planted);
    return planted;
  }

  /** Everything is as in the beginning; the keys that are put there have other plaintexts. */
  restart(): void {
    [this.#sandbox, this.#planted] = this.#begun();
  }

  #begun(): [Sandbox, Planted[]] {
    const { seeds, faults, rateLimit, now } = this.#beginning;
    this.#ahead = now === undefined ? 0 : now - Date.now();
    const sandbox = createSandbox({ ...bounds, now: this.now, faults, rateLimit });
    return [sandbox, plant(sandbox, seeds, this.now())];
  }
}

type Answer = (body: unknown) => unknown;

/**
 * Answers what is below `/_sandbox`.
 *
 * @param variables those that lead there
 * @param fromAnywhere whether other machines, too, are answered
 */
export function controlOf(sandbox: RestartableSandbox, variables: () => Record<string, string>, fromAnywhere: boolean) {
  const state = () => ({
    now: new Date(sandbox.now()).toISOString(),
    variables: { ...variables(), ...sandbox.variables },
  });
  const routes: Record<string, Answer> = {
    "GET /_sandbox": state,
    "GET /_sandbox/requests": () => sandbox.current.requests,
    "POST /_sandbox/faults": (body) => {
      for (const fault of (Array.isArray(body) ? body : [body]).map(faultOf)) sandbox.current.fail(fault);
      return state();
    },
    "POST /_sandbox/clock": (body) => {
      const { now, advance, ...rest } = isObject(body) ? body : {};
      if ((now === undefined) === (advance === undefined) || Object.keys(rest).length > 0) {
        throw new RangeError('give {"advance": "30d"} or {"now": "2027-12-31T23:59:59Z"}');
      }
      const ms = typeof advance === "string" ? durationMs(advance) : undefined;
      if (advance !== undefined && ms === undefined) throw new RangeError("advance is no duration, such as 30d or 90m");
      sandbox.moveTo(ms === undefined ? timeIn(now) : sandbox.now() + ms);
      return state();
    },
    "POST /_sandbox/keys": (body) => sandbox.plant(seedsOf(body)),
    "POST /_sandbox/reset": () => {
      sandbox.restart();
      return state();
    },
  };
  return async (request: Request, address: string): Promise<Response> => {
    if (!fromAnywhere && !isFromHere(request, address)) {
      return refusal(403, "Only programs of this machine may control the sandbox, unless it has --remote-control.");
    }
    const { pathname } = new URL(request.url);
    const route = routes[`${request.method} ${pathname.replace(/\/$/, "")}`];
    if (!route) return refusal(404, `There are ${Object.keys(routes).join(", ")}.`);
    const text = await request.text();
    const body = parsed(text);
    if (text !== "" && body === undefined) return refusal(400, "the body is no JSON");
    try {
      return Response.json(route(body));
    } catch (error) {
      if (error instanceof RangeError) return refusal(400, error.message);
      throw error;
    }
  };
}

/** Neither another machine, nor a page in a browser, which may have given this machine's address a name. */
function isFromHere({ headers }: Request, address: string): boolean {
  const isLoopback = /^(::ffff:)?127\.|^::1$/.test(address);
  const name = (headers.get("host") ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isLoopback && !headers.has("origin") && (name === "localhost" || isIP(name) !== 0);
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
