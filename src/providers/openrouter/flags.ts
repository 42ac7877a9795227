import { copied, name, requiredName, type FlagsFor, type ProviderFlags } from "../../flags.js";
import type { OpenRouterCreateInput, OpenRouterFilter, OpenRouterPatch } from "./words.js";

const workspace = {
  flags: "--workspace <uuid>",
  description: "the workspace",
  unlessGiven: "the default one",
  field: "workspaceId",
} as const;

const settings = [
  {
    flags: "--limit <usd>",
    description: 'the most that it may spend, in US dollars, or "none"',
    field: "limit",
    takes: "amount",
    words: { none: null },
  },
  {
    flags: "--limit-reset <when>",
    description: "when the spend starts over, at midnight UTC",
    choices: ["daily", "weekly", "monthly", "never"],
    field: "limitReset",
    words: { never: null },
  },
  {
    flags: "--include-byok",
    description: "what is paid with own provider keys counts towards the limit",
    field: "includeByokInLimit",
    value: true,
  },
  { flags: "--exclude-byok", description: "it does not count", field: "includeByokInLimit", value: false },
] as const;

const copiedFlags = [
  requiredName,
  ...settings,
  {
    flags: "--expires-at <time>",
    description: "when it stops working, such as 2027-12-31 or 2027-12-31T23:59:59Z",
    unlessGiven: "never",
    field: "expiresAt",
    takes: "time",
  },
  {
    flags: "--creator <user-id>",
    description: "the member of the organization for whom it is",
    field: "creatorUserId",
  },
  workspace,
] satisfies FlagsFor<OpenRouterCreateInput>;

const flags: ProviderFlags = {
  list: [
    { flags: "--include-disabled", description: "disabled keys, too", field: "includeDisabled", value: true },
    { flags: "--include-expired", description: "expired keys, too", field: "includeExpired", value: true },
    workspace,
  ] satisfies FlagsFor<OpenRouterFilter>,
  scope: [workspace],
  create: [
    ...copiedFlags,
    { flags: "--external-user <id>", description: "links it to this user of yours", field: "external.user" },
    {
      flags: "--external-key-file <path>",
      description: "where the key is by which your systems know that user, of 32 to 512 characters",
      field: "external.apiKey",
      needs: "external.user",
      takes: "secret-file",
    },
  ] satisfies FlagsFor<OpenRouterCreateInput>,
  rotate: copied(copiedFlags),
  update: [
    name,
    { flags: "--disable", description: "switches it off", field: "disabled", value: true },
    { flags: "--enable", description: "switches it on again", field: "disabled", value: false },
    ...settings,
    { flags: workspace.flags, description: "moves it to this workspace", field: "workspaceId" },
  ] satisfies FlagsFor<OpenRouterPatch>,
  methods: ["get", "update", "current"],
  credential: "It has to be a management key, which is made in OpenRouter's web console.",
  examples: {
    list: "keysmith list openrouter --include-disabled",
    create: "keysmith create openrouter --name ci --limit 25 \\\n  --dotenv .env --variable OPENROUTER_API_KEY",
    update: 'keysmith update openrouter "$ID" --limit 50 --limit-reset monthly',
    rotate: "keysmith rotate openrouter \"$ID\" --exec './save.sh'",
    orphans: "keysmith orphans openrouter --read './show.sh' --revoke",
    audit: "keysmith audit\nkeysmith audit openrouter --policy policy.json --json",
    spec: "keysmith spec openrouter > openrouter.yaml",
    sandbox: "keysmith list openrouter",
  },
};

export default flags;
