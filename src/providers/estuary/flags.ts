import { copied, name, type FlagsFor, type ProviderFlags } from "../../flags.js";
import type { EstuaryCreateInput } from "./words.js";

const create = [
  name,
  {
    flags: "--expires-in <duration>",
    description: 'how long it lives, such as 720h, 30d or 2w, or "never"',
    unlessGiven: "30 days",
    field: "expiresIn",
  },
  {
    flags: "--permissions <what>",
    description: "what it may do",
    unlessGiven: "all",
    choices: ["all", "upload"],
    field: "permissions",
  },
] satisfies FlagsFor<EstuaryCreateInput>;

const flags: ProviderFlags = {
  list: [],
  scope: [],
  create,
  rotate: copied(create, { permissions: "Estuary does not tell what the old key may do" }),
  update: [],
  methods: ["stats", "export"],
  credential:
    "It is a key with the permission `all`, made on an Estuary node of your own (the hosted service is discontinued), whose address goes into ESTUARY_BASE_URL.",
  examples: {},
};

export default flags;
