import { isKeysmithError } from "../../http/errors.js";
import type { KeysmithError } from "../../http/keysmith-error.js";
import { CreateOutcomeUnknownError } from "../../http/outcome-unknown.js";
import { cleanName, type ApiKey, type CreatedApiKey, type ProviderName } from "../../key.js";
import { enter, listed, stopped, textOf, undone, type Begun, type Created, type Judged } from "../context.js";
import type { Read } from "./read.js";
import { fateOf } from "../retirement.js";
import { newTrace, traced, traceOf, type Trace } from "../trace.js";

/** Creates a key like the old one, its name traced; one whose answer was lost is looked for by its trace. */
export async function create<P extends ProviderName>(begun: Judged<P> & Read<P>): Promise<Created<P>> {
  const { all, copy, keys, provider, old, predecessor, overrides, options, serverNow } = begun;
  const { name: given = old.name } = overrides as { name?: string };
  // As a server has it, a name may carry the trace of an earlier rotation.
  const name = cleanName(given);
  const now = serverNow() ?? Date.now();
  const trace = options.trace === false ? undefined : newTrace(predecessor, now, traceable(begun));
  await enter(begun, "create", trace?.nonce);
  const input = copy.input(old, trace ? traced(name, trace) : name, overrides, now);
  let answer: CreatedApiKey<P>;
  try {
    answer = await keys.create(input, { signal: options.signal });
  } catch (error) {
    if (isKeysmithError(error) && error.kind === "outcome-unknown") throw await lost(begun, error, trace);
    throw stopped(begun, "create", `${textOf(error)} No key was created; the old one is valid.`, { cause: error });
  }
  const { secret, ...rest } = answer;
  begun.secrets.add(secret.reveal());
  // TypeScript does not see that without its secret it is the key.
  const successor = rest as unknown as ApiKey<P>;
  const isAnother = all.some(({ id }) => id === successor.id);
  if (!successor.id || isAnother) {
    // By what came, it could be neither found nor revoked, or another key would be: as good as no answer.
    const problem = isAnother ? "names a key that was there before" : "lacks the new key's id";
    const doubt = new CreateOutcomeUnknownError(
      `${provider} rotate: the answer to the create ${problem}.`,
      { provider, operation: "rotate" },
      () => Promise.resolve([]),
    );
    throw await lost(begun, doubt, trace);
  }
  const created = { ...begun, successor, secret, fresh: keys.with((client) => ({ ...client, apiKey: secret })) };
  const unlike = copy
    .compare(successor, input)
    .filter(([, found, asked]) => found !== undefined && asked !== undefined && found !== asked)
    .map(([what]) => what);
  if (unlike.length > 0) {
    throw await undone(created, "create", `the new key is not as it was asked for (${unlike.join(", ")}).`);
  }
  return created;
}

/** What the trace says of the old key: what becomes of it where it is not retired at once, and where it is. */
function traceable<P extends ProviderName>({ copy, old, overrides, options: { retire } }: Begun<P>) {
  const [own, target = own] = copy.workspaces?.(old, overrides) ?? [];
  return {
    retire: fateOf(retire),
    workspace: own === target ? undefined : own,
  };
}

/** What a lost create left behind is known by its nonce. */
async function lost<P extends ProviderName>(begun: Judged<P>, cause: KeysmithError, trace: Trace | undefined) {
  const advice = "The old key is valid. Look for orphans before you rotate it again.";
  const unknown = (why: string) => stopped(begun, "create", `${textOf(cause)} ${why} ${advice}`, { cause });
  if (!trace) return unknown("Without a trace the key cannot be told from others.");
  try {
    const successor = (await listed(begun)).find((key) => traceOf(key)?.nonce === trace.nonce);
    if (!successor) return unknown(`No key of the nonce ${trace.nonce} is listed; it may still appear.`);
    // What became of it is known now: the failure behind the doubt is the cause, not the doubt.
    return await undone({ ...begun, successor }, "create", "no whole answer to the create came.", cause.cause);
  } catch (error) {
    return unknown(`Looking for it failed, too (${textOf(error)}).`);
  }
}
