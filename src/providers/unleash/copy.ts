import type { Copy } from "../../copy.js";
import { sha256 } from "../../sha256.js";
import type { UnleashKeys } from "./keys.js";
import type { NewTokenType } from "./words.js";

const copy: Copy<"unleash", UnleashKeys> = {
  everything: () => undefined,
  revokesSilently: true,
  refusal: (_keys, { raw }) =>
    isNewType(raw.type)
      ? undefined
      : `it is a token of the type ${raw.type}, and the API makes none. An Unleash server makes admin tokens once, from INIT_ADMIN_API_TOKENS: use a personal access token in its place`,
  input: ({ raw, expiresAt }, name, overrides) => ({
    type: isNewType(raw.type) ? raw.type : "client",
    environment: raw.environment,
    projects: raw.projects,
    expiresAt,
    ...overrides,
    name,
  }),
  compare: ({ raw, expiresAt }, input) => [
    ["tokenName", raw.tokenName, input.name],
    ["type", told(raw.type), told(input.type)],
    ["environment", raw.environment, input.environment],
    ["projects", [...raw.projects].sort().join(), [...(input.projects ?? raw.projects)].sort().join()],
    ["expiresAt", Date.parse(expiresAt ?? "") || 0, Date.parse(input.expiresAt ?? "") || 0],
  ],
  // The id is the hash of the token.
  identify: (_keys, plaintext) => sha256(plaintext),
};

export default copy;

function isNewType(type: string): type is NewTokenType {
  return ["client", "backend", "frontend"].includes(type);
}

/** A backend token is listed as a client token. */
function told(type: string): string {
  return type === "backend" ? "client" : type;
}
