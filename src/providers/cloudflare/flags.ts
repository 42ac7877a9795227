import { copied, name, requiredName, type FlagsFor, type ProviderFlags } from "../../flags.js";
import type { CloudflareCreateInput, CloudflareFilter, CloudflarePatch } from "./words.js";

const policies = {
  flags: "--policies-file <path>",
  description: "JSON: the list of its policies, as a token's `policies` has them",
  field: "policies",
  takes: "json-file",
} as const;

const condition = {
  flags: "--condition-file <path>",
  description: 'JSON: where it may be used from, such as {"request_ip": {"in": ["192.0.2.0/24"]}}',
  field: "condition",
  takes: "json-file",
} as const;

const notBefore = {
  flags: "--not-before <time>",
  description: "when it begins to work, such as 2027-01-01 or 2027-01-01T12:00:00Z",
  field: "notBefore",
  takes: "time",
} as const;

const expiresAt = {
  flags: "--expires-at <time>",
  description: "when it stops working, such as 2027-12-31 or 2027-12-31T23:59:59Z",
  field: "expiresAt",
  takes: "time",
} as const;

const create = [
  requiredName,
  { ...policies, required: true },
  { ...condition, unlessGiven: "everywhere" },
  { ...notBefore, unlessGiven: "at once" },
  { ...expiresAt, unlessGiven: "never" },
] satisfies FlagsFor<CloudflareCreateInput>;

const none = (time: typeof notBefore | typeof expiresAt) => ({
  ...time,
  description: `${time.description}, or "none"`,
  words: { none: null },
});

const flags: ProviderFlags = {
  list: [
    { flags: "--include-expired", description: "recently expired keys, too", field: "includeExpired", value: true },
    {
      flags: "--page-size <count>",
      description: "how many keys are asked for at once, 5 to 50",
      unlessGiven: "50",
      field: "pageSize",
      takes: "count",
    },
  ] satisfies FlagsFor<CloudflareFilter>,
  scope: [],
  create,
  rotate: copied(create),
  update: [
    name,
    { flags: "--disable", description: "switches it off", field: "disabled", value: true },
    { flags: "--enable", description: "switches it on again", field: "disabled", value: false },
    policies,
    condition,
    none(notBefore),
    none(expiresAt),
  ] satisfies FlagsFor<CloudflarePatch>,
  methods: ["get", "update", "current"],
  credential:
    "It is an API token that may edit API tokens: a user's is made in Cloudflare's dashboard from the template Create additional tokens, an account's by a Super Administrator.",
  examples: {
    create:
      "keysmith create cloudflare --name ci --policies-file policies.json \\\n  --dotenv .env --variable CLOUDFLARE_API_TOKEN",
    update: 'keysmith update cloudflare "$ID" --expires-at 2027-12-31T23:59:59Z',
    list: "keysmith list cloudflare --include-expired",
  },
};

export default flags;
