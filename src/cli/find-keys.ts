/** The keys that people name: by an id, by its beginning, or by a name, where only one key is called so. */
import { isKeysmithError, type ApiKey, type Keys } from "../index.js";
import { isReadable } from "../keys.js";
import { CommandError } from "./errors.js";
import { everyKey } from "./place.js";
import { printable } from "./show/output.js";
import { named, type KeyName } from "./show/keys.js";

/** The beginning of an id has to be as long, so that it is meant as one. */
const SHORTEST_PREFIX = 4;

/** @throws CommandError where one of them is not there, or several could be meant */
export async function find(keys: Keys, texts: readonly string[]): Promise<ApiKey[]> {
  const found: ApiKey[] = [];
  for (const text of texts) found.push(await findOne(keys, text));
  return [...new Map(found.map((key) => [key.id, key])).values()];
}

/** @throws CommandError where it is not there, or several could be meant; what the provider says, where it refuses */
export async function findOne(keys: Keys, text: string): Promise<ApiKey> {
  let refusal: unknown;
  try {
    if (isReadable(keys)) return await keys.get(text);
  } catch (error) {
    // Some take only what looks like one of their ids.
    if (!isKeysmithError(error) || !["not-found", "bad-request"].includes(error.kind)) throw error;
    refusal = error;
  }
  const key = fitting(text, await everyKey({ keys }));
  if (key) return key;
  if (refusal instanceof Error) throw refusal;
  throw new CommandError(
    `${keys.provider} lists no key ${printable(text)}. \`keysmith list ${keys.provider}\` shows what is there.`,
  );
}

/** The keys that are meant; a text that names none stays as an id, for the provider to refuse. @throws CommandError */
export async function meantBy(keys: Keys, texts: readonly string[]): Promise<KeyName[]> {
  const meant = new Map<string, KeyName>();
  for (const text of texts) {
    try {
      const key = await findOne(keys, text);
      meant.set(key.id, key);
    } catch (error) {
      if (error instanceof AmbiguousError) throw error;
      meant.set(text, { id: text, name: "" });
    }
  }
  return [...meant.values()];
}

class AmbiguousError extends CommandError {}

/** @throws AmbiguousError */
function fitting(text: string, all: readonly ApiKey[]): ApiKey | undefined {
  const exact = all.filter(({ id }) => id === text);
  // A whole number, of a key that is gone, is the beginning of others.
  const begins = (id: string) => text.length >= SHORTEST_PREFIX && id.startsWith(text) && !/^\d+$/.test(id);
  const meant = exact.length > 0 ? exact : all.filter(({ id, name }) => name === text || begins(id));
  const [key, ...others] = meant;
  if (!key || others.length === 0) return key;
  throw new AmbiguousError(`${key.provider}: ${printable(text)} could be each of these. Give its id:`, {
    below: meant.map((one) => `  ${named(one)}`),
  });
}
