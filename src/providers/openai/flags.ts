import { copied, requiredName, type FlagsFor, type ProviderFlags } from "../../flags.js";
import type { OpenAICreateInput, OpenAIFilter } from "./words.js";

export const expiresIn = {
  flags: "--expires-in <duration>",
  description: "how long it lives, such as 720h, 30d or 2w, up to 365d",
  field: "expiresIn",
} as const;

export const pageSize = {
  flags: "--page-size <count>",
  description: "how many keys are asked for at once",
  field: "pageSize",
  takes: "count",
} as const;

const create = [requiredName, { ...expiresIn, unlessGiven: "for ever" }] satisfies FlagsFor<OpenAICreateInput>;

const flags: ProviderFlags = {
  list: [
    {
      flags: "--order <order>",
      description: "by creation",
      unlessGiven: "asc",
      choices: ["asc", "desc"],
      field: "order",
    },
    pageSize,
  ] satisfies FlagsFor<OpenAIFilter>,
  scope: [],
  create,
  rotate: copied(create),
  update: [],
  methods: ["get"],
  credential: "It has to be an admin key of the organization, which an owner makes in OpenAI's web console.",
  examples: {},
};

export default flags;
