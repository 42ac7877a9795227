/** Creates a key like the old one, its name marked; one whose answer was lost is looked for by its mark. */
import { isKeysmithError, type KeysmithError } from "../../http/errors.js";
import { CreateOutcomeUnknownError } from "../../http/outcome-unknown.js";
import type { ApiKey, CreatedApiKey } from "../../key.js";
import { textOf, type Begun, type Created } from "../attempt.js";
import type { RotatingProvider } from "../providers.js";
import { newTrace, traced, traceOf, type Trace } from "../trace.js";

export async function create<P extends RotatingProvider>(attempt: Begun<P>): Promise<Created<P>> {
  const { adapter, keys, provider, old, mark, overrides, options } = attempt;
  await attempt.enter("create");
  const { name = old.name } = overrides as { name?: string };
  const trace = options.trace === false ? undefined : newTrace(mark, Date.now());
  const input = adapter.input(old, trace ? traced(name, trace) : name, overrides, Date.now());
  let answer: CreatedApiKey<P>;
  attempt.settled = false;
  try {
    answer = await adapter.create(keys, input, { signal: options.signal });
  } catch (error) {
    if (isKeysmithError(error) && error.kind === "outcome-unknown") throw await lost(attempt, error, trace);
    attempt.settled = true;
    throw attempt.stopped(`${textOf(error)} No key was created; the old one is valid.`, { cause: error });
  }
  const { secret, ...rest } = answer;
  // TypeScript does not see that without its secret it is the key.
  const successor = rest as unknown as ApiKey<P>;
  const told = Object.assign(attempt, { secret });
  if (!successor.id) {
    // It could be neither found nor revoked by what came: as good as no answer.
    const doubt = new CreateOutcomeUnknownError(
      `${provider} rotate: the answer to the create lacks the new key's id.`,
      { provider, operation: "rotate" },
      () => Promise.resolve([]),
    );
    throw await lost(told, doubt, trace);
  }
  const made = Object.assign(told, { successor, fresh: adapter.as(keys, secret) });
  const unlike = adapter.differences(successor, input);
  if (unlike.length > 0) throw await made.undone(`the new key is not as it was asked for (${unlike.join(", ")}).`);
  return made;
}

/** What a lost create left behind is known by its nonce. */
async function lost<P extends RotatingProvider>(attempt: Begun<P>, cause: KeysmithError, trace: Trace | undefined) {
  const advice = "The old key is valid. Look for orphans before you rotate it again.";
  const unknown = (why: string) => attempt.stopped(`${textOf(cause)} ${why} ${advice}`, { cause });
  if (!trace) return unknown("Without a trace the key cannot be told from others.");
  try {
    const successor = (await attempt.listed()).find((key) => traceOf(key)?.nonce === trace.nonce);
    if (!successor) return unknown(`No key of the nonce ${trace.nonce} is listed; it may still appear.`);
    // What became of it is known now: the failure behind the doubt is the cause, not the doubt.
    return await Object.assign(attempt, { successor }).undone("no whole answer to the create came.", cause.cause);
  } catch (error) {
    return unknown(`Looking for it failed, too (${textOf(error)}).`);
  }
}
