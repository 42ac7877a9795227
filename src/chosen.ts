/** A create whose caller chooses the key's plaintext or id: a key that is listed can be told to be the one that was asked for. */
import type { Api } from "./api.js";
import type { CallPromise, WithResponse } from "./call.js";
import type { Connection } from "./connection.js";
import type { CreatePlan } from "./create.js";
import { CreateOutcomeUnknownError } from "./http/outcome-unknown.js";
import { at } from "./json.js";
import type { ApiKey, CreatedApiKey, ProviderName } from "./key.js";
import type { KeyList } from "./list.js";
import type { CallOptions } from "./options.js";
import { Secret } from "./secret.js";

/** What a create is made of whose caller chooses what the key will be. */
export interface ChosenPlan<P extends ProviderName> extends Omit<CreatePlan<P>, "list"> {
  /** What is sent, with what was chosen where the spec's `x-key-chosen` says. */
  body: object;
  /** Lists all keys, each made of its row and of the plaintext that is shown beside it. */
  list: (
    options: CallOptions,
    toKey: (row: Record<string, unknown>, plaintext: string | undefined) => ApiKey<P> | Promise<ApiKey<P>>,
  ) => KeyList<P>;
}

/**
 * As `create` of a connection: sent once. Where nothing tells whether a key was made, the list is read, and what it has is
 * given as the result: a key that shows the plaintext that was chosen; or one of the chosen id, created since, whose
 * plaintext was chosen or is shown. `status` is 0 then where no answer came. A key that fits by its name alone is still a
 * candidate and nothing more.
 *
 * @throws CreateOutcomeUnknownError where the list has no such key, or several, or cannot be read.
 */
export function createChosen<P extends ProviderName, Operation extends string>(
  connection: Connection<P, Operation>,
  api: Api<P, Operation>,
  operation: Operation,
  options: CallOptions | undefined,
  plan: ChosenPlan<P>,
): CallPromise<CreatedApiKey<P>> {
  const { chosen } = api.operations[operation];
  const [id, secret] = [at(plan.body, chosen?.id), at(plan.body, chosen?.secret)];
  const shown = new Map<ApiKey<P>, string | undefined>();
  const isIt = (key: ApiKey<P>) => {
    const plaintext = shown.get(key);
    if (secret !== undefined && plaintext !== undefined) return plaintext === secret;
    // One of this id may have been there before, which made the server refuse.
    return id !== undefined && key.id === id && key.createdAt !== undefined;
  };
  const found = async (error: unknown): Promise<WithResponse<CreatedApiKey<P>>> => {
    if (!(error instanceof CreateOutcomeUnknownError) || options?.signal?.aborted) throw error;
    const candidates = await error.candidates().catch(() => []);
    const [it, ...others] = candidates.flatMap(({ key }) => (isIt(key as ApiKey<P>) ? [key as ApiKey<P>] : []));
    const plaintext = secret ?? (it && shown.get(it));
    if (!it || others.length > 0 || typeof plaintext !== "string") throw error;
    return { data: { ...it, secret: new Secret(plaintext) }, status: error.status ?? 0, headers: new Headers() };
  };
  const answered = connection
    .create(operation, options, {
      ...plan,
      secrets: typeof secret === "string" ? [secret] : [],
      list: (options) =>
        plan.list(options, async (row, plaintext) => {
          const key = await plan.toKey(row, plaintext ?? "");
          shown.set(key, plaintext);
          return key;
        }),
    })
    .withResponse()
    .catch(found);
  const data = answered.then((answer) => answer.data);
  return Object.assign(data, { withResponse: () => data.then(() => answered) });
}
