import {
  findOrphans,
  retireDue,
  revokeOrphans,
  type AskableStore,
  type ProviderName,
  type Sweep,
  type TracedKey,
} from "../../index.js";
import { chosen } from "../client.js";
import { now } from "../clock.js";
import { checkConfirmable, confirm } from "../confirm.js";
import { duration } from "../durations.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { heldIn } from "../held.js";
import { interruptible } from "../interrupt.js";
import type { Options } from "../options.js";
import { providerNames } from "../providers.js";
import { dataForm, type Data } from "../show/data.js";
import { note, print } from "../show/output.js";
import { report, sentence, worst } from "../report.js";
import { placeOf, type Place } from "../place.js";
import { named } from "../show/keys.js";
import { orphanTable } from "../show/orphans.js";
import { sourceOf } from "../sinks/source.js";

/** What is swept away, and how; undefined where keys are only looked at. */
interface Broom {
  what: (found: TracedKey) => boolean;
  question: string;
  sweep: (place: Place) => Promise<Sweep[]>;
}

export async function orphans(given: readonly ProviderName[], options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  const minAgeMs = minAgeOf(options);
  const providers = chosen(given, options);
  const store = await storeOf(providers, options);
  const broom = broomOf(options, store, minAgeMs);
  const places = await Promise.all(providers.map((provider) => placeOf(provider, options)));

  const found: TracedKey[] = [];
  for (const { keys, ...scope } of places) found.push(...(await findOrphans(keys, { ...store, minAgeMs, ...scope })));
  const prey = broom ? found.filter(broom.what) : [];
  const swept: Sweep[] = [];
  const failures: unknown[] = [];
  if (broom && prey.length > 0 && !options.dryRun) {
    if (!options.yes) note(orphanTable(prey, store !== undefined));
    await confirm(broom.question, options);
    const sweep = async (signal: AbortSignal) => {
      for (const place of places) {
        try {
          swept.push(...(await broom.sweep({ ...place, signal })));
        } catch (error) {
          // What was revoked elsewhere is told all the same.
          failures.push(error);
        }
      }
    };
    await interruptible(sweep, {
      stopping: "Stopping.",
      standing: () => "Keys were revoked that are not shown here: `keysmith orphans` shows which are left.",
    });
  }
  show(found, swept, store !== undefined, options, data);
  if (broom && options.dryRun) note(`Would revoke ${prey.length} of them; nothing was revoked.`);
  const codes: ExitCode[] = [];
  for (const { key, error } of swept)
    codes.push(error === undefined ? exitCodes.done : await report(error, named(key)));
  for (const error of failures) codes.push(await report(error));
  return worst(codes);
}

/** How old a key has to be to be judged. @throws UsageError */
function minAgeOf({ retireDue: after, minAge }: Options): number | undefined {
  if (typeof after !== "string") return minAge === undefined ? undefined : duration("--min-age", minAge);
  if (minAge !== undefined) throw new UsageError("--retire-due with a duration needs no --min-age. Leave out one.");
  if ((providerNames() as string[]).includes(after)) {
    throw new UsageError(`--retire-due takes ${after} for its duration. Name providers first.`);
  }
  return duration("--retire-due", after);
}

/** @throws UsageError where the options name no store, or more than one */
async function storeOf(providers: readonly ProviderName[], options: Options): Promise<AskableStore | undefined> {
  const { held: file } = options;
  const read = await sourceOf(options);
  if (read && providers.length > 1) {
    throw new UsageError("--read and --dotenv are of one key, and so of one provider. Name it.");
  }
  if (read) return { read };
  if (file === undefined) return undefined;
  await heldIn(file);
  return { held: async (id) => (await heldIn(file)).has(id) };
}

/** @throws UsageError where nobody knows what the store holds, or nobody can be asked. */
function broomOf(options: Options, store: AskableStore | undefined, minAgeMs: number | undefined): Broom | undefined {
  const { revoke, retireDue: after } = options;
  if (!revoke && after === undefined) return undefined;
  if (!store) {
    throw new UsageError(
      "Say what your store holds, or nobody knows which key may go: --read COMMAND, --dotenv FILE --variable NAME, or --held FILE.",
    );
  }
  checkConfirmable("Revoking a key", options);
  if (after === undefined) {
    return {
      what: ({ verdict }) => verdict === "orphan",
      question: "Revoke these keys, which nobody holds?",
      sweep: ({ keys, ...scope }) => revokeOrphans(keys, { ...store, minAgeMs, ...scope }),
    };
  }
  return {
    what: ({ verdict, dueAt = "" }) => verdict === "unretired" && !(Date.parse(dueAt) > now()),
    question: "Revoke the predecessors of these keys?",
    sweep: ({ keys, ...scope }) =>
      retireDue(keys, { ...store, minAgeMs, ...(typeof after === "string" && { after }), ...scope }),
  };
}

function show(
  found: readonly TracedKey[],
  swept: readonly Sweep[],
  asked: boolean,
  options: Options,
  data: Data | undefined,
): void {
  if (data) {
    const results = new Map(swept.map((sweep) => [sweep.key.id, sweep]));
    const shown = found.map((one) => {
      const result = results.get((options.retireDue === undefined ? one.key : one.predecessor)?.id ?? "");
      if (!result) return one;
      return { ...one, ...(result.error === undefined ? { revoked: true } : { error: sentence(result.error) }) };
    });
    print(data(shown));
    return;
  }
  if (found.length === 0) note("No key carries the trace of a rotation.");
  else if (swept.length === 0) print(orphanTable(found, asked));
  for (const { key, error } of swept) if (error === undefined) print(`Revoked ${key.provider} ${named(key)}.`);
}
