import { NotStoredError, type ApiKey, type ProviderName } from "../../index.js";
import { connect, type AnyKeys } from "../client.js";
import { CommandError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { flagInput } from "../flags.js";
import { interruptible } from "../interrupt.js";
import type { Options } from "../options.js";
import { dataForm } from "../show/data.js";
import { note, print, printable } from "../show/output.js";
import { sentence } from "../report.js";
import { remember } from "../secrets.js";
import { keySummary, named, rowsOf } from "../show/keys.js";
import { sinkOf, type Sink } from "../sinks/index.js";
import { details } from "../show/table.js";

export async function create(provider: ProviderName, options: Options): Promise<ExitCode> {
  const input = flagInput("create", provider, options);
  const data = await dataForm(options);
  const sink = sinkOf(options, data);
  await sink.check();
  const keys = await connect(provider, options);
  if (options.dryRun) {
    note(`Would create a key at ${provider}, whose plaintext goes ${sink.description}; nothing was sent:`);
    print(data ? data(input) : details(rowsOf(input)));
    return exitCodes.done;
  }
  let made: ApiKey | undefined;
  const work = async (): Promise<ApiKey> => {
    // Whatever interrupts it, its answer is waited for: nobody else would know of a key that it makes.
    const { secret, ...shown } = await keys.create(input);
    // Taken apart from its secret, it is a key like any other.
    const key = (made = shown as ApiKey);
    remember(secret.reveal());
    try {
      await sink.store(secret, key);
    } catch (error) {
      throw await undelivered(keys, key, sink, error);
    }
    return key;
  };
  const key = await interruptible(work, {
    stopping: "Stopping, once what was begun is done.",
    standing: () =>
      made
        ? `The key ${named(made)} was created, and nobody knows whether its plaintext got ${sink.description}. If not: ${remedyFor(made)}`
        : `A key may have been created at ${provider}: look with \`keysmith list ${provider}\`.`,
  });
  if (!options.reveal) print(data ? data(key) : keySummary(key));
  else if (!data) note(keySummary(key));
  if (!options.reveal) note(`Its plaintext went ${sink.description}.`);
  return exitCodes.done;
}

/** A key whose plaintext certainly nobody has is of no use: it goes. One that somebody may have stays. */
async function undelivered(keys: AnyKeys, key: ApiKey, sink: Sink, error: unknown): Promise<CommandError> {
  const remedy = remedyFor(key);
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

function remedyFor({ provider, id }: ApiKey): string {
  return `keysmith revoke ${provider} ${printable(id)}`;
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
