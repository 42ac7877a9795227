import { copied, requiredName, type FlagsFor, type ProviderFlags } from "../../flags.js";
import type { UnleashCreateInput, UnleashPatch } from "./words.js";

const expiry = {
  flags: "--expires-at <time>",
  description: "when it stops working, such as 2027-12-31 or 2027-12-31T23:59:59Z",
  field: "expiresAt",
  takes: "time",
} as const;

const create = [
  requiredName,
  {
    flags: "--type <type>",
    description: "client or backend for servers' applications, frontend for browsers and apps",
    choices: ["client", "backend", "frontend"],
    field: "type",
    required: true,
  },
  {
    flags: "--environment <name>",
    description: "the environment that it is for",
    unlessGiven: "the server's default",
    field: "environment",
  },
  {
    flags: "--projects <ids>",
    description: "the projects that it is for, with commas between them",
    unlessGiven: "all",
    field: "projects",
    takes: "list",
  },
  { ...expiry, unlessGiven: "never" },
] satisfies FlagsFor<UnleashCreateInput>;

const flags: ProviderFlags = {
  list: [],
  scope: [],
  create,
  rotate: copied(create),
  update: [{ ...expiry, required: true }] satisfies FlagsFor<UnleashPatch>,
  methods: ["update"],
  credential:
    "It is an admin token of the server's, or a personal access token of a user who may manage API tokens; the server's address, up to and without /api, goes into UNLEASH_BASE_URL.",
  examples: {
    create:
      "keysmith create unleash --name checkout --type client --environment production \\\n  --dotenv .env --variable UNLEASH_CLIENT_TOKEN",
    update: 'keysmith update unleash "$ID" --expires-at 2027-12-31T23:59:59Z',
  },
};

export default flags;
