import type { ProviderName } from "../../index.js";
import { connect, type AnyKeys } from "../client.js";
import { checkConfirmable, confirm } from "../confirm.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { find, meantBy } from "../find-keys.js";
import { interruptible } from "../interrupt.js";
import type { Options } from "../options.js";
import { dataForm } from "../show/data.js";
import { note, print } from "../show/output.js";
import { Progress } from "../show/progress.js";
import { report, sentence, worst } from "../report.js";
import { keyTable, named, type KeyName } from "../show/keys.js";

export async function revoke(provider: ProviderName, texts: readonly string[], options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  checkConfirmable("Revoking a key", options);
  const keys = await connect(provider, options);
  let meant: KeyName[];
  if (options.yes && !options.dryRun) meant = await meantBy(keys, texts);
  else {
    const found = await find(keys, texts);
    meant = found;
    note(keyTable(found));
    if (options.dryRun) {
      note(`Would revoke ${count(found)}; nothing was.`);
      if (data) print(data(found.map(({ id }) => ({ id, revoked: false }))));
      return exitCodes.done;
    }
    await confirm(
      `Revoke ${count(found)} for good? Whoever uses ${found.length === 1 ? "it" : "one"} loses access at once.`,
      options,
    );
  }
  const results = await revokeAll(keys, meant);
  if (data) {
    print(
      data(
        results.map(({ key: { id }, error }) =>
          error === undefined ? { id, revoked: true } : { id, revoked: false, error: sentence(error) },
        ),
      ),
    );
  }
  const codes: ExitCode[] = [];
  for (const { key, error } of results) {
    if (error === undefined && !data) print(`Revoked ${provider} ${named(key)}.`);
    codes.push(error === undefined ? exitCodes.done : await report(error, meant.length > 1 ? named(key) : undefined));
  }
  return worst(codes);
}

/** One after the other; a failure stops no other. After an interrupt, no further one is begun. */
async function revokeAll(keys: AnyKeys, meant: readonly KeyName[]): Promise<{ key: KeyName; error?: unknown }[]> {
  const progress = new Progress("Revoking", meant.length);
  const work = async (signal: AbortSignal) => {
    const results: { key: KeyName; error?: unknown }[] = [];
    for (const key of meant) {
      try {
        signal.throwIfAborted();
        await keys.revoke(key.id);
        results.push({ key });
      } catch (error) {
        results.push({ key, error });
      }
      progress.step();
    }
    return results;
  };
  try {
    return await interruptible(work, {
      stopping: "Stopping after this key.",
      standing: () => `\`keysmith list ${keys.provider}\` shows which keys are left.`,
    });
  } finally {
    progress.end();
  }
}

function count(keys: readonly KeyName[]): string {
  return keys.length === 1 ? "this key" : `these ${keys.length} keys`;
}
