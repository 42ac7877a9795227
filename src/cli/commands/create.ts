import { NotStoredError, type ApiKey, type ProviderName } from "../../index.js";
import { connect, type Keys } from "../client.js";
import { CommandError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { flagInput } from "../flags.js";
import { interruptible } from "../interrupt.js";
import type { Options } from "../options.js";
import { json, note, print } from "../show/output.js";
import { createFlags } from "../provider-flags.js";
import { sentence } from "../report.js";
import { remember } from "../secrets.js";
import { keyDetails, named, rowsOf } from "../show/keys.js";
import { sinkOf, type Sink } from "../sinks/index.js";
import { details } from "../show/table.js";

export async function create(provider: ProviderName, options: Options): Promise<ExitCode> {
  const input = flagInput(createFlags, provider, options);
  const sink = sinkOf(options);
  await sink.check();
  const keys: Keys = await connect(provider, options);
  if (options.dryRun) {
    note(`Would create a key at ${provider}, whose plaintext goes ${sink.description}; nothing was sent:`);
    print(options.json ? json(input) : details(rowsOf(input)));
    return exitCodes.done;
  }
  const { secret, ...made } = await interruptible((signal) => keys.create(input, { signal }), {
    stopping: "Stopping.",
    standing: () => `A key may have been created at ${provider}: look with \`keysmith list ${provider}\`.`,
  });
  // Taken apart from its secret, it is a key like any other.
  const key = made as ApiKey;
  remember(secret.reveal());
  try {
    await sink.store(secret, key);
  } catch (error) {
    throw await undelivered(keys, key, sink, error);
  }
  if (!options.reveal) print(options.json ? json(key) : keyDetails(key));
  else if (!options.json) note(keyDetails(key));
  if (!options.reveal) note(`Its plaintext went ${sink.description}.`);
  return exitCodes.done;
}

/** A key whose plaintext certainly nobody has is of no use: it goes. One that somebody may have stays. */
async function undelivered(keys: Keys, key: ApiKey, sink: Sink, error: unknown): Promise<CommandError> {
  const { provider } = keys;
  const remedy = `keysmith revoke ${provider} ${key.id}`;
  const problem = `The key ${named(key)} was created, and its plaintext did not get ${sink.description}: ${sentenceOf(error)}`;
  if (!(error instanceof NotStoredError)) {
    return new CommandError(
      `${problem} It may be there all the same, so the key was kept. Look, and if not: ${remedy}`,
      {
        exitCode: exitCodes.unknown,
        cause: error,
      },
    );
  }
  try {
    await keys.revoke(key);
  } catch (failure) {
    return new CommandError(
      `${problem} Nobody has it, and revoking the key failed, too: ${sentence(failure)} Revoke it: ${remedy}`,
      {
        cause: failure,
      },
    );
  }
  return new CommandError(`${problem} Nobody has it, so the key was revoked.`, { cause: error });
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
