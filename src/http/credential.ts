import type { AuthHeader } from "../api.js";
import type { Credential } from "../options.js";
import { ConfigurationError } from "./errors.js";
import { failure, type CallName } from "./failure.js";

/**
 * A credential that can stand in a header. Checked before the runtime does: its error would quote it.
 *
 * @throws ConfigurationError
 */
export function checkedCredential(name: CallName, credential: unknown, { basic }: Pick<AuthHeader, "basic">): string {
  const [pattern, problem] = basic
    ? [/^[^:\p{C}]*:\P{C}*$/u, "is not user:password, as HTTP Basic takes it."]
    : [/^[\x21-\x7e]+$/, "is empty, or holds a space, a line break or another character that no key has."];
  // Docker's --env-file, for one, keeps the quotes of a dotenv file.
  if (typeof credential === "string" && /^(["'`]).*\1$/s.test(credential)) {
    throw failure(ConfigurationError, name, "the credential is in quotes, which are no part of it. Take them away.");
  }
  if (typeof credential === "string" && pattern.test(credential)) return credential;
  throw failure(ConfigurationError, name, `the credential ${problem}`);
}

/** What a header holds. */
export function headerOf({ prefix, basic }: AuthHeader, plaintext: string): string {
  return prefix + (basic ? btoa(String.fromCharCode(...new TextEncoder().encode(plaintext))) : plaintext);
}

/** The plaintext of a credential, asked for anew where it is a function. */
export async function plaintextOf(
  name: CallName,
  { credential, ...sent }: AuthHeader & { readonly credential: Credential },
): Promise<string> {
  let plaintext: unknown;
  try {
    const given = typeof credential === "function" ? await credential() : credential;
    plaintext = typeof given === "string" ? given : given.reveal();
  } catch (cause) {
    throw failure(ConfigurationError, name, "the apiKey function failed; see the cause.", { cause });
  }
  return checkedCredential(name, plaintext, sent);
}
