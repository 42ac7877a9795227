/** Keys that a sandbox begins with, as people write them: a file of YAML or JSON, with lists of keys by provider. */
import { readFile } from "node:fs/promises";
import { durationMs } from "../go-duration.js";
import { isObject } from "../json.js";
import type { IssuedKey, ProviderName, Sandbox } from "../sandbox/index.js";
import { simulated } from "../sandbox/routes.js";
import { UsageError } from "./errors.js";
import { systemReason } from "../files/system-errors.js";
import { textOf } from "./text-files.js";

/** A key that is to be put there. */
export interface Seed {
  provider: ProviderName;
  /** Where it was said, for messages: `lantern[0]`. */
  place: string;
  /** What a key of the provider's may be told, times in words included. */
  key: Record<string, unknown>;
  /** The environment variable that its plaintext is given in. */
  variable: string | undefined;
}

/** A key that was put there. */
export interface Planted extends IssuedKey {
  provider: ProviderName;
  variable?: string;
}

/** With more keys, a sandbox that is told so again and again would hold any amount of them. */
const MAX_KEYS = 20_000;

/** @throws UsageError naming the file, and the place in it */
export async function seedsIn(path: string): Promise<Seed[]> {
  const refuse = (problem: string, cause: unknown) => new UsageError(`--seed ${path}: ${problem}.`, { cause });
  const bytes = await readFile(path).catch((error: unknown) => {
    throw refuse(systemReason(error), error);
  });
  const { load } = await import("js-yaml");
  try {
    return seedsOf(load(textOf(bytes)));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message.replace(/\.$/, "") : String(error), error);
  }
}

/** @throws RangeError naming the place */
export function seedsOf(value: unknown): Seed[] {
  if (!isObject(value)) throw new RangeError("it is no object of lists of keys, by provider");
  const names = simulated();
  return Object.entries(value).flatMap(([name, keys]) => {
    const provider = names.find((one) => one === name);
    if (provider === undefined) throw new RangeError(`${name} is no provider: ${names.join(", ")}`);
    if (!Array.isArray(keys)) throw new RangeError(`${name} is no list of keys`);
    return (keys as unknown[]).map((key, i) => seedOf(provider, key, `${name}[${i}]`));
  });
}

function seedOf(provider: ProviderName, value: unknown, place: string): Seed {
  if (!isObject(value)) throw new RangeError(`${place} is no object`);
  const { variable, ...key } = value;
  if (variable !== undefined && !(typeof variable === "string" && /^[A-Za-z_]\w*$/.test(variable))) {
    throw new RangeError(`${place}.variable is no name of an environment variable`);
  }
  return { provider, place, key, variable };
}

/** Puts keys into a sandbox. @throws RangeError naming the place of one that cannot be */
export function plant(sandbox: Sandbox, seeds: readonly Seed[], now: number): Planted[] {
  for (const provider of new Set(seeds.map((seed) => seed.provider))) {
    const more = seeds.filter((seed) => seed.provider === provider).length;
    if (sandbox.keys(provider).length + more > MAX_KEYS)
      throw new RangeError(`${provider} has more than ${MAX_KEYS} keys`);
  }
  return seeds.map(({ provider, place, key, variable }) => {
    const fields = Object.entries(key).map(([name, value]) => [name, inTime(value, now, `${place}.${name}`)] as const);
    try {
      const issued = sandbox.issue<ProviderName>(provider, Object.fromEntries(fields));
      return { provider, ...issued, ...(variable !== undefined && { variable }) };
    } catch (error) {
      throw new RangeError(`${place}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  });
}

/** The time that `{ ago: 40d }` and `{ in: 7d }` mean; anything else as it is. */
function inTime(value: unknown, now: number, place: string): unknown {
  if (!isObject(value) || Object.keys(value).length !== 1) return value;
  const { ago, in: ahead } = value;
  const text = ago ?? ahead;
  if (text === undefined) return value;
  const ms = typeof text === "string" ? durationMs(text) : undefined;
  if (ms === undefined) throw new RangeError(`${place} is no duration: give one such as 40d, 12h or 90m`);
  return new Date(ago === undefined ? now + ms : now - ms);
}
