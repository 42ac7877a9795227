/** Compiled in a project without DOM and without Node's types, which has this package and TypeScript and nothing else. */
import type {
  ApiKey,
  CallOptions,
  cockroach,
  CreatedApiKey,
  Credential,
  ErrorKind,
  estuary,
  KeyList,
  openrouter,
  WithResponse,
} from "../../src/types.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <Answer extends true>(answer?: Answer): void => void answer;

yes<Same<ApiKey<"openrouter">["raw"], openrouter.WireApiKey>>();
yes<Same<ReturnType<CreatedApiKey["secret"]["reveal"]>, string>>();
yes<Same<WithResponse<cockroach.ApiKey>["data"]["service_account_id"], string>>();

export const created: estuary.ApiKeyPermissions = "all";
export const options: CallOptions = { timeoutMs: 1 };
export const credential: Credential = () => Promise.resolve("a");
// @ts-expect-error -- no such kind of error
export const kind: ErrorKind = "unknown";
// @ts-expect-error -- the plaintext is not kept in `raw`
export const token = (key: ApiKey<"estuary">): unknown => key.raw.token;

export async function names(list: KeyList<"openrouter">): Promise<string[]> {
  const found: string[] = [];
  for await (const key of list) found.push(key.name, key.raw.label);
  return found;
}
