import type { Copy } from "../../copy.js";
import { idOf } from "./id-of.js";
import type { CockroachKeys } from "./keys.js";

const copy: Copy<"cockroach", CockroachKeys> = {
  everything: () => ({}),
  input: ({ raw }, name, overrides) => ({ serviceAccountId: raw.service_account_id, ...overrides, name }),
  compare: ({ raw }, input) => [
    ["name", raw.name, input.name],
    ["service_account_id", raw.service_account_id, input.serviceAccountId],
  ],
  // One key is as good as a page of them.
  authenticate: (keys, options) => keys.list({ pageSize: 1 }, options).pages().next(),
  identify: (_keys, plaintext) => idOf(plaintext),
  renamed: (name) => ({ name }),
};

export default copy;
