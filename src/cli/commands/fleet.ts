/** One key for each of many customers: what `keysmith/fleet` does, from a shell. */
import { resolve } from "node:path";
import type { ProviderName } from "../../index.js";
import { createFleet, DatabaseError, InDoubtError, type Fleet, type FleetEvent } from "../../fleet/index.js";
import { defaultFolder } from "../../fleet/embedded.js";
import { dotenvStore } from "../../fleet/dotenv-store.js";
import { connect } from "../client.js";
import { checkConfirmable, confirm } from "../confirm.js";
import { CommandError, UsageError } from "../errors.js";
import { exitCodes, type ExitCode } from "../exit-codes.js";
import { countOf, flagInput } from "../flags.js";
import { interruptible } from "../interrupt.js";
import type { Options } from "../options.js";
import { rateLimitIn } from "../rate-limit.js";
import { sealWith } from "../seal.js";
import { dataForm, type Data } from "../show/data.js";
import { keyDetails } from "../show/keys.js";
import { note, print, printable } from "../show/output.js";
import { Progress } from "../show/progress.js";
import { table } from "../show/table.js";
import type { FleetAction } from "../fleet-actions.js";

const DATABASE = "KEYSMITH_FLEET_DATABASE";
const FOLDER = "KEYSMITH_FLEET_FOLDER";
const SEAL = "KEYSMITH_FLEET_KEY";

type AnyFleet = Fleet<ProviderName>;

/** What an action is given. */
interface Given {
  fleet: AnyFleet;
  provider: ProviderName;
  customer: string;
  options: Options;
  data: Data | undefined;
}

const ACTIONS: Record<FleetAction, (given: Given) => Promise<ExitCode>> = {
  ensure,
  rotate: async ({ fleet, options: { olderThan }, data }) => {
    if (olderThan === undefined) throw new UsageError("Say which keys are due: --older-than 30d.");
    const queued = await fleet.rotate({ olderThan });
    print(data ? data({ queued }) : `Queued: ${queued}.`);
    return exitCodes.done;
  },
  work,
  status,
  remove: async ({ fleet, customer, options, data }) => {
    await confirm(`Revoke the key of ${printable(customer)} for good, and forget it?`, options);
    await fleet.remove(customer);
    print(data ? data({ customer, removed: true }) : `Removed ${printable(customer)}.`);
    return exitCodes.done;
  },
  pause: async ({ fleet, data }) => {
    await fleet.pause();
    print(data ? data({ paused: true }) : "Paused: no machine begins a rotation until it is resumed.");
    return exitCodes.done;
  },
  resume: async ({ fleet, data }) => {
    await fleet.resume();
    print(data ? data({ paused: false }) : "Resumed.");
    return exitCodes.done;
  },
  settle,
};

/** Of these, it has to be said which customer is meant. */
const OF_ONE: readonly FleetAction[] = ["ensure", "remove"];

export async function fleet(
  action: FleetAction,
  provider: ProviderName,
  customer: string | undefined,
  options: Options,
): Promise<ExitCode> {
  const data = await dataForm(options);
  if (customer === "") throw new UsageError("The customer is empty, as an unset variable is.");
  if (customer === undefined && OF_ONE.includes(action)) {
    throw new UsageError(`Say whose key it is: keysmith fleet ${action} ${provider} CUSTOMER.`);
  }
  if (action === "remove") checkConfirmable("Revoking a key", options);
  const made = await fleetOf(action, provider, options);
  try {
    return await ACTIONS[action]({ fleet: made, provider, customer: customer ?? "", options, data });
  } catch (error) {
    if (error instanceof DatabaseError) throw new CommandError(error.message, { cause: error });
    if (!(error instanceof InDoubtError)) throw error;
    const advice = {
      settle: `keysmith fleet settle ${provider} CUSTOMER --holds ID, or --holds-none`,
      remove: `keysmith fleet remove ${provider} CUSTOMER, then keysmith fleet ensure ${provider} CUSTOMER`,
    }[error.remedy];
    throw new CommandError(`${error.message} From here: ${advice}.`, { exitCode: exitCodes.unknown, cause: error });
  } finally {
    await made.end();
  }
}

/** @throws UsageError where it is not said where the keys are, or what a new key has */
async function fleetOf(action: FleetAction, provider: ProviderName, options: Options): Promise<AnyFleet> {
  const { dotenv } = options;
  const key = process.env[SEAL]?.trim();
  const database = databaseOf();
  if (dotenv === undefined && !key) {
    throw new UsageError(
      `Say where the keys are: --dotenv FILE, or in the database, with ${SEAL}: 32 random bytes in base64, which ` +
        "encrypt them (openssl rand -base64 32).",
    );
  }
  const rotation = action === "work" ? { overrides: flagInput("rotate", provider, options) } : undefined;
  const keys = await connect(provider, options);
  if (typeof database === "object") {
    note(`${DATABASE} is not set: the database is this machine's own, in ${database.folder}.`);
    // As in most containers.
    if (process.getuid?.() === 0) {
      throw new UsageError(
        `That one refuses to run as root. Run this as another user, or set ${DATABASE} to the URL of a PostgreSQL.`,
      );
    }
  }
  return createFleet<ProviderName>({
    keys,
    database,
    rotation,
    onOutage: (error) =>
      note(`The database is not there, and is waited for: ${error.message || "nothing listens there"}`),
    store: dotenv === undefined ? sealWith(SEAL, key ?? "") : dotenvStore(dotenv, { variable: (customer) => customer }),
    ...(options.rateLimit !== undefined && { rate: rateLimitIn(options.rateLimit) }),
  });
}

function databaseOf(): string | { folder: string } {
  const [database, folder] = [process.env[DATABASE]?.trim(), process.env[FOLDER]?.trim()];
  if (database === "") throw new UsageError(`${DATABASE} is empty. Unset it for an embedded database of this machine.`);
  if (folder === "") throw new UsageError(`${FOLDER} is empty. Unset it for the usual folder, ${defaultFolder()}.`);
  if (database === undefined) return { folder: resolve(folder ?? defaultFolder()) };
  if (folder !== undefined) {
    throw new UsageError(
      `${DATABASE} names a database, and ${FOLDER} the folder of an embedded one. Unset one of them.`,
    );
  }
  if (/^postgres(ql)?:\/\//.test(database)) return database;
  throw new UsageError(`${DATABASE} has to be a URL such as postgres://user@host/database.`);
}

async function ensure({ fleet, provider, customer, options, data }: Given): Promise<ExitCode> {
  const input = flagInput("create", provider, { ...options, name: options["name"] ?? customer });
  const key = await fleet.ensure(customer, input);
  print(data ? data(key) : keyDetails(key));
  return exitCodes.done;
}

async function work({ fleet, options, data }: Given): Promise<ExitCode> {
  const { concurrency, maxFailures } = options;
  const bounds = {
    concurrency: concurrency === undefined ? undefined : countOf("--concurrency", concurrency),
    maxFailures: maxFailures === undefined ? undefined : countOf("--max-failures", maxFailures),
  };
  const { waiting, working, paused } = await fleet.status();
  if (paused) note("The fleet is paused: no rotation is begun until `keysmith fleet resume`.");
  const progress = new Progress("Rotating", waiting + working);
  const onEvent = (event: FleetEvent) => {
    if (event.type !== "failed") progress.step();
    else note(`${printable(event.customer)}: ${event.problem}${event.again ? " It is tried again." : ""}`);
  };
  const worked = async (signal: AbortSignal) => ({ signal, done: await fleet.work({ ...bounds, signal, onEvent }) });
  const { done, signal } = await interruptible(worked, {
    stopping: "Stopping, once what was begun is finished or undone.",
    standing: () => "What was begun is finished or undone by the next run.",
  }).finally(() => progress.end());
  const { failed, doubt } = await fleet.status();
  if (data) print(data({ ...done, left: { failed, doubt } }));
  else print(`Rotated ${done.rotated}, and finished ${done.healed} that had been begun before.`);
  if (doubt > 0) note(`${doubt} in doubt: \`keysmith fleet status\` says what to do.`);
  if (done.ended === "failures") {
    throw new CommandError(`Stopped after ${done.failed} failures. \`keysmith fleet status\` shows what went wrong.`);
  }
  // Its reason has the exit code of what ended it.
  if (done.ended === "aborted" && doubt === 0) signal.throwIfAborted();
  if (done.ended === "refused") {
    throw new CommandError(
      "Stopped, since the provider refused the credential. Those that failed by that are tried again.",
    );
  }
  if (done.problem !== undefined && doubt === 0) {
    throw new CommandError(
      `Keys whose create was never answered could not be looked for: ${done.problem} The next run looks again.`,
    );
  }
  return doubt > 0 ? exitCodes.unknown : failed > 0 ? exitCodes.failed : exitCodes.done;
}

async function status({ fleet, data }: Given): Promise<ExitCode> {
  const found = await fleet.status();
  const { paused, customers, idle, waiting, working, failed, doubt, open } = found;
  if (data) print(data(found));
  else {
    const counts = { idle, waiting, "at work": working, failed, "in doubt": doubt };
    const said = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    print(`${customers} customers: ${said.join(", ")}.${paused ? " Paused." : ""}`);
    const shown = open.filter(({ problem, worker }) => problem !== undefined || worker !== undefined);
    if (shown.length > 0) {
      print(
        table([
          { title: "CUSTOMER", cells: shown.map(({ customer }) => customer) },
          { title: "STATE", cells: shown.map(({ state }) => (state === "doubt" ? "in doubt" : state)) },
          { title: "KEY", cells: shown.map(({ keyId }) => keyId ?? ""), below: true },
          { title: "WORKER", cells: shown.map(({ worker }) => worker ?? ""), below: true },
          { title: "PROBLEM", cells: shown.map(({ problem }) => problem ?? ""), below: true },
        ]),
      );
    }
  }
  return doubt > 0 ? exitCodes.unknown : exitCodes.done;
}

async function settle({ fleet, customer, options, data }: Given): Promise<ExitCode> {
  const { holds, holdsNone } = options;
  if (customer === "") {
    const revoked = await fleet.settle();
    print(data ? data({ revoked }) : `Revoked ${revoked} keys of creates whose answer was lost.`);
    return exitCodes.done;
  }
  if ((holds === undefined) !== (holdsNone === true)) {
    throw new UsageError("Say what the store holds: --holds ID, or --holds-none.");
  }
  const revoked = await fleet.settle(customer, { holds });
  print(data ? data({ customer, revoked }) : `Settled ${printable(customer)}; revoked ${revoked}.`);
  return exitCodes.done;
}
