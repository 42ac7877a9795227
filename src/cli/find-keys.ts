import type { ApiKey } from "../index.js";
import type { AnyKeys } from "./client.js";
import { CommandError } from "./errors.js";
import { printable } from "./show/output.js";

/** The keys of these ids. @throws CommandError where one of them is not there. */
export async function find(keys: AnyKeys, ids: readonly string[]): Promise<ApiKey[]> {
  const all = keys.get ? undefined : await keys.list().toArray();
  const found: ApiKey[] = [];
  for (const id of ids) {
    const key = all ? all.find((one) => one.id === id) : await keys.get?.(id);
    if (!key) {
      throw new CommandError(
        `${keys.provider} lists no key ${printable(id)}. \`keysmith list ${keys.provider}\` shows what is there.`,
      );
    }
    found.push(key);
  }
  return found;
}
