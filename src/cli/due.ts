/** Which keys a run of `rotate` is about: those that are named, or the one in the store; of these, what is old enough. */
import { isKeysmithError, retireDue, storedKey, type ApiKey, type Keys } from "../index.js";
import { clocked } from "../rotation/server-clock.js";
import { birthOf } from "../rotation/siblings.js";
import { ageOf } from "../rotation/stored-key.js";
import { CommandError } from "./errors.js";
import type { ExitCode } from "./exit-codes.js";
import { findOne, meantBy } from "./find-keys.js";
import type { Options } from "./options.js";
import { report } from "./report.js";
import { named, type KeyName } from "./show/keys.js";
import { note } from "./show/output.js";
import type { Sink } from "./sinks/index.js";

const DAY_MS = 86_400_000;

export interface Due {
  keys: KeyName[];
  /** Those that are left alone. */
  young: ApiKey[];
  /** What became of the keys that earlier runs had left to be retired later. */
  codes: ExitCode[];
}

interface Asked {
  sink: Sink;
  minAgeMs: number | undefined;
  /** How old a key has to be to be replaced, in milliseconds. */
  olderThanMs: number | undefined;
}

/**
 * Where no key is named, retires what earlier runs have left for later, too: nobody else knows of this store.
 *
 * @throws CommandError where the store holds no key, or no age can be told
 */
export async function dueOf(
  keys: Keys,
  texts: readonly string[],
  { sink, minAgeMs, olderThanMs }: Asked,
  options: Options,
): Promise<Due> {
  const { read: ask } = sink;
  let isSilent = false;
  const read =
    ask &&
    (() =>
      ask().catch((error: unknown) => {
        isSilent = true;
        throw error;
      }));
  const due: Due = { keys: [], young: [], codes: [] };
  const add = (key: ApiKey, ageMs: number | undefined) => {
    const isYoung = olderThanMs !== undefined && ageMs !== undefined && ageMs < olderThanMs;
    if (olderThanMs !== undefined) {
      note(
        `${named(key)} ${ageText(key, ageMs)}${isYoung ? `: it is left alone until it is ${String(options.olderThan)} old` : ""}.`,
      );
    }
    if (isYoung && Date.parse(key.expiresAt ?? "") < birthOf(key).time + olderThanMs) {
      note(
        `It expires at ${String(key.expiresAt)}, before that. Give a shorter --older-than, and the new key an expiry of its own.`,
      );
    }
    if (isYoung) due.young.push(key);
    else due.keys.push(key);
  };
  if (texts.length === 0 && read) {
    const look = async () => {
      if (!options.dryRun) due.codes = await retire(keys, { read, minAgeMs }, options);
      return storedKey(keys, { read });
    };
    const stored = await look().catch((error: unknown) => {
      // To the library it is input like any other; to whoever runs a command it is a store that does not answer.
      throw isSilent && isKeysmithError(error) ? new CommandError(error.message, { cause: error }) : error;
    });
    if (!stored) {
      throw new CommandError(
        `${keys.provider}: the store holds no key yet. \`keysmith create ${keys.provider}\` with the same place puts one there.`,
      );
    }
    add(stored.key, stored.ageMs);
  } else if (olderThanMs === undefined) due.keys = await meantBy(keys, texts);
  else {
    const clock = clocked(keys);
    for (const text of texts) {
      const key = await findOne(clock.keys, text);
      add(key, ageOf(key, clock.serverNow()));
    }
  }
  return due;
}

/** @throws CommandError where the key's time is known and the server's is not: it would count as old each time */
function ageText(key: ApiKey, ageMs: number | undefined): string {
  if (ageMs !== undefined) {
    const days = Math.floor(ageMs / DAY_MS);
    return days < 1 ? "is less than a day old" : `is ${days} day${days === 1 ? "" : "s"} old`;
  }
  if (Number.isNaN(birthOf(key).time)) return "counts as old, since nothing tells when it was made";
  throw new CommandError(
    `${key.provider}: the answers have no Date header, so no age can be told, and nothing was changed. Check the base URL.`,
  );
}

async function retire(
  keys: Keys,
  store: { read: NonNullable<Sink["read"]>; minAgeMs: number | undefined },
  { retire: how }: Options,
): Promise<ExitCode[]> {
  const codes: ExitCode[] = [];
  for (const { key, error } of await retireDue(keys, { ...store, ...(how === "disable" && { retire: how }) })) {
    if (error !== undefined) codes.push(await report(error, named(key)));
    else note(`${how === "disable" ? "Disabled" : "Revoked"} ${named(key)}, which an earlier rotation has replaced.`);
  }
  return codes;
}
