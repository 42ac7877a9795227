import { prefixOf } from "../../src/sandbox/routes.js";
import type { ProviderName, Sandbox, SandboxOptions } from "../../src/sandbox/index.js";
import { createSandbox as createChecked } from "../conformance/sandbox.js";

/** A sandbox whose answers are held against the specs. What these tests ask of it need not be what a spec allows. */
export function createSandbox(options?: SandboxOptions): Sandbox {
  return createChecked(options, { malformedRequests: true });
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body. */
  body: unknown;
}

export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
  /** The credential; the sandbox's own unless given, none for null. */
  as?: string | null;
}

/** Sends requests such as `call("GET", "/keys")` to one provider. */
export function callerOf(sandbox: Sandbox, provider: ProviderName) {
  return async (method: string, path: string, sent: Sent = {}): Promise<Answered> => {
    const { body, headers = {}, as = sandbox.credentials[provider] } = sent;
    const response = await sandbox.fetch(`http://localhost${prefixOf(provider)}${path}`, {
      method,
      body: body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body),
      headers: as === null ? headers : { authorization: `Bearer ${as}`, ...headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A sandbox whose time stands still until it is moved. */
export function frozen(time = "2026-01-14T12:00:00.000Z", options: SandboxOptions = {}) {
  const clock = { ms: Date.parse(time) };
  return { clock, sandbox: createSandbox({ ...options, now: () => clock.ms }) };
}

/** The property at a path such as `data.key`; fails where there is none of that type. */
export function text(value: unknown, path: string): string {
  const found = at(value, path);
  if (typeof found !== "string") throw new Error(`${path} is no text`);
  return found;
}

export function rows(value: unknown, path = ""): unknown[] {
  const found = path === "" ? value : at(value, path);
  if (!Array.isArray(found)) throw new Error(`${path} is no list`);
  return found;
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, name) => {
    return typeof found === "object" && found !== null
      ? Object.entries(found).find(([key]) => key === name)?.[1]
      : undefined;
  }, value);
}
