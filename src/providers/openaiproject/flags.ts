import { copied, requiredName, type FlagsFor, type ProviderFlags } from "../../flags.js";
import { expiresIn, pageSize } from "../openai/flags.js";
import type { OpenAIProjectCreateInput, OpenAIProjectFilter, OpenAIProjectPatch } from "./words.js";

const scopes = {
  flags: "--scopes <list>",
  description: 'what it may do, such as api.all.read, separated by commas, or "all"',
  field: "scopes",
  takes: "list",
  words: { all: [] },
} as const;

const create = [
  requiredName,
  {
    flags: "--service-account <id>",
    description: "the service account that it is of",
    unlessGiven: "a new one of this name",
    field: "serviceAccountId",
  },
  scopes,
  { ...expiresIn, unlessGiven: "for ever" },
] satisfies FlagsFor<OpenAIProjectCreateInput>;

const access = {
  flags: "--owner-access <which>",
  description: "by whether the owner can use the project",
  choices: ["active", "inactive", "any"],
  field: "ownerProjectAccess",
} as const;

const flags: ProviderFlags = {
  list: [access, pageSize] satisfies FlagsFor<OpenAIProjectFilter>,
  scope: [],
  create,
  rotate: copied(create, { scopes: "OpenAI does not tell what the old key may do" }),
  update: [scopes, expiresIn] satisfies FlagsFor<OpenAIProjectPatch>,
  methods: ["get", "update"],
  credential:
    "It has to be an admin key of the organization, which an owner makes in OpenAI's web console; the id of the project goes into OPENAI_PROJECT_ID, or behind --project.",
  examples: {
    update: 'keysmith update openaiproject "$ID" --expires-in 24h',
  },
};

export default flags;
