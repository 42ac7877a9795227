import { NotStoredError, rotateAll, type ProviderName, type Retirement } from "../../index.js";
import { confirm, isInteractive } from "../confirm.js";
import { duration } from "../durations.js";
import { UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { dueOf } from "../due.js";
import { find } from "../find-keys.js";
import { flagInput } from "../flags.js";
import { heldIn } from "../held.js";
import { interruptible } from "../interrupt.js";
import { fileJournal } from "../journal.js";
import type { Options } from "../options.js";
import { dataForm, type Data } from "../show/data.js";
import { note, print, printable } from "../show/output.js";
import { Progress } from "../show/progress.js";
import { exitCodeOf, report, worst } from "../report.js";
import { connect, type AnyKeys } from "../client.js";
import { RotationStanding } from "../rotation-standing.js";
import { remember } from "../secrets.js";
import { keyTable, named, type KeyName } from "../show/keys.js";
import { rotationData, rotationTable } from "../show/rotations.js";
import { sinkOf, type Sink } from "../sinks/index.js";
import { oneAtATime } from "../turns.js";

interface Plan {
  sink: Sink;
  retire: Retirement;
  overrides: Record<string, unknown>;
  minAgeMs: number | undefined;
  olderThanMs: number | undefined;
}

/** @param texts ids, their beginnings, or names; where there is none, it is the key in the store that is meant */
export async function rotate(provider: ProviderName, texts: readonly string[], options: Options): Promise<ExitCode> {
  const data = await dataForm(options);
  const plan = await checkedPlan(provider, texts, options, data);
  const keys = await connect(provider, options);
  const { keys: due, young, codes } = await dueOf(keys, texts, plan, options);
  const ids = due.map(({ id }) => id);
  const untouched = young.map(({ id, name }) => ({ id, name, rotated: false }));
  if (ids.length === 0) {
    if (data) print(data(untouched));
    return worst(codes);
  }
  if (options.dryRun) {
    const found = await find(keys, ids);
    print(
      data ? data([...untouched, ...found.map(({ id, name }) => ({ id, name, rotated: false }))]) : keyTable(found),
    );
    note(`Would replace ${count(found)}. ${outcome(plan)} Nothing was changed.`);
    return exitCodes.done;
  }
  // Without a terminal, naming the place for the new key is consent enough: until it is there, the old one stays.
  if (!options.yes && isInteractive()) {
    const found = await find(keys, ids);
    note(keyTable(found));
    await confirm(`${outcome(plan)}\nReplace ${count(found)}?`, options);
  }
  const { results, ended } = await run(keys, ids, plan, options);
  const done = results.flatMap(({ rotation }) => rotation ?? []);
  if (data) print(data(rotationData(results, untouched)));
  // With --reveal, standard output is the new key and nothing else.
  else if (done.length > 0) (options.reveal ? note : print)(rotationTable(results));
  if (done.some(({ healed }) => !healed)) note(`The plaintext went ${plan.sink.description}.`);
  if (options.reveal && done.length > 0 && plan.retire === "keep") {
    note(
      `The old key is still valid. Once the new one is in use: keysmith revoke ${provider} ${ids.map(printable).join(" ")}`,
    );
  }
  if (done.some(({ healed }) => healed)) {
    note("An earlier rotation was finished: your store held its new key already, so nothing was put there now.");
  }
  for (const { id, error } of results) {
    const code = error === undefined ? exitCodes.done : await report(error, subjectOf(id, due));
    // What a store that was kept from beginning has thrown does not tell that it was.
    codes.push(code === exitCodes.failed && ended ? exitCodeOf(ended) : code);
  }
  return worst(codes);
}

/** Everything that can be seen to be wrong before anything is sent. */
async function checkedPlan(
  provider: ProviderName,
  texts: readonly string[],
  options: Options,
  data: Data | undefined,
): Promise<Plan> {
  const overrides = flagInput("rotate", provider, options);
  const sink = sinkOf(options);
  if (texts.length === 0 && !sink.read) {
    throw new UsageError(
      "Name the keys, or a place that can be read back, and it is the key there that is rotated: " +
        "--dotenv FILE --variable NAME, or --exec COMMAND with --read COMMAND.",
    );
  }
  if (texts.length > 1 && !sink.many) {
    throw new UsageError(
      "Several new keys have no room there. Rotate one at a time, or give --exec COMMAND, which is run for each.",
    );
  }
  if (options.reveal && data) {
    throw new UsageError(
      "With --reveal, standard output is the new key as soon as there is one. Leave out --json and --output.",
    );
  }
  if (options.retireAfter !== undefined) duration("--retire-after", options.retireAfter);
  const olderThanMs = options.olderThan === undefined ? undefined : duration("--older-than", options.olderThan);
  const minAgeMs = options.minAge === undefined ? undefined : duration("--min-age", options.minAge);
  if (options.held !== undefined) await heldIn(options.held);
  await sink.check();
  // Whether somebody has read it from standard output is not known, so the old key goes only where that is asked for.
  const unlessTold = options.reveal ? "keep" : "revoke";
  const retire = options.retireAfter === undefined ? (options.retire ?? unlessTold) : { later: options.retireAfter };
  return { sink, retire, overrides, minAgeMs, olderThanMs };
}

async function run(
  keys: AnyKeys,
  ids: readonly string[],
  { sink, retire, overrides, minAgeMs }: Plan,
  { held, journal }: Options,
) {
  const standing = new RotationStanding(keys.provider);
  const progress = new Progress("Rotating", ids.length);
  const stored = new Set<string>();
  const settings = {
    retire,
    overrides,
    minAgeMs,
    journal: journal === undefined ? undefined : await fileJournal(journal, minAgeMs),
    // Several keys have several places, which one look does not tell apart.
    ...(ids.length === 1 && sink.read && { read: sink.read }),
    // What went into the sink is held, whether the file says so yet or not.
    held: held === undefined ? undefined : async (id: string) => stored.has(id) || (await heldIn(held)).has(id),
  };
  // A command that was written for one key need not bear two at once.
  const inTurn = oneAtATime();
  const work = async (signal: AbortSignal) => {
    const results = await rotateAll(keys, ids, {
      ...settings,
      signal,
      store: (secret, key) => {
        remember(secret.reveal());
        return inTurn(async () => {
          if (signal.aborted) throw new NotStoredError("interrupted");
          await sink.store(secret, key, standing.replacedBy(key.id));
          stored.add(key.id);
        });
      },
      onStep: (step, { old, new: successor }) => standing.enter(step, old, successor),
      onResult: ({ id }) => {
        standing.leave(id);
        progress.step();
      },
    });
    return { results, ended: signal.aborted ? (signal.reason as unknown) : undefined };
  };
  try {
    return await interruptible(work, {
      stopping: "Stopping: what is not stored yet is undone, and what is stored is finished.",
      standing: () => standing.description(),
    });
  } finally {
    progress.end();
  }
}

/** What an error is about, where that has to be said. */
function subjectOf(id: string, due: readonly KeyName[]): string | undefined {
  const key = due.length > 1 ? due.find((one) => one.id === id) : undefined;
  return key && named(key);
}

function count({ length }: readonly unknown[]): string {
  return length === 1 ? "this key" : `these ${length} keys`;
}

function outcome({ sink, retire }: Plan): string {
  const fates = { revoke: "is revoked", disable: "is disabled", keep: "stays" };
  const fate = typeof retire === "object" ? `stays for ${retire.later}` : fates[retire];
  return `The plaintext of the new key goes ${sink.description}; then the old key ${fate}.`;
}
