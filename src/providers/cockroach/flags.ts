import { copied, requiredName, type FlagsFor, type ProviderFlags } from "../../flags.js";
import type { CockroachCreateInput, CockroachFilter, CockroachPatch } from "./words.js";

const create = [
  requiredName,
  {
    flags: "--service-account <uuid>",
    description: "the service account that it acts as",
    field: "serviceAccountId",
    required: true,
  },
] satisfies FlagsFor<CockroachCreateInput>;

const flags: ProviderFlags = {
  list: [
    {
      flags: "--service-account <uuid>",
      description: "only the keys of this service account",
      field: "serviceAccountId",
    },
    {
      flags: "--sort-order <order>",
      description: "by creation",
      unlessGiven: "ASC",
      choices: ["ASC", "DESC"],
      field: "sortOrder",
    },
    { flags: "--as-of <time>", description: "as the list was at this time (RFC 3339)", field: "asOfTime" },
    {
      flags: "--page-size <count>",
      description: "how many keys are asked for at once",
      field: "pageSize",
      takes: "count",
    },
  ] satisfies FlagsFor<CockroachFilter>,
  scope: [],
  create,
  rotate: copied(create),
  update: [requiredName] satisfies FlagsFor<CockroachPatch>,
  methods: ["get", "update"],
  credential:
    "It is the secret of a service account's API key, made in the CockroachDB Cloud Console; the account needs ORG_ADMIN, or to read alone CLUSTER_ADMIN or AUDITOR.",
  examples: {
    get: 'keysmith get cockroach "$ID"',
    revoke: 'keysmith revoke cockroach "$ID"',
  },
};

export default flags;
