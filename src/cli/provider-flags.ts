/** What can be said of a key, provider by provider. A provider that is not here has what all have in common. */
import type {
  CockroachCreateInput,
  CockroachFilter,
  CockroachPatch,
  EstuaryCreateInput,
  OpenRouterCreateInput,
  OpenRouterFilter,
  OpenRouterPatch,
  ProviderName,
} from "../index.js";
import { Secret } from "../secret.js";
import { amountOf, countOf, secretIn, type Flag, type FlagTable } from "./flags.js";

type Field<Input> = (keyof Input & string) | "external.user" | "external.apiKey";
type RequiredField<Input> = keyof {
  [Key in Field<Input> as Key extends keyof Input ? (object extends Pick<Input, Key> ? never : Key) : never]: true;
};
/** A flag of what the facade requires says so, and no other one does. */
type FlagsFor<Input> = readonly (
  | (Flag<Exclude<Field<Input>, RequiredField<Input>>> & { required?: undefined })
  | (Flag<RequiredField<Input>> & { required: true })
)[];

const name = { flags: "--name <text>", description: "what people call it", field: "name" } as const;
const requiredName = { ...name, required: true } as const;

const openrouterWorkspace = {
  flags: "--workspace <uuid>",
  description: "the workspace",
  unlessGiven: "the default one",
  field: "workspaceId",
} as const;

const openrouterSettings = [
  {
    flags: "--limit <usd>",
    description: 'the most that it may spend, in US dollars, or "none"',
    field: "limit",
    read: (text: string) => (text === "none" ? null : amountOf("--limit", text)),
  },
  {
    flags: "--limit-reset <when>",
    description: "when the spend starts over, at midnight UTC",
    choices: ["daily", "weekly", "monthly", "never"],
    field: "limitReset",
    read: (text: string) => (text === "never" ? null : text),
  },
  {
    flags: "--include-byok",
    description: "what is paid with own provider keys counts towards the limit",
    field: "includeByokInLimit",
    value: true,
  },
  { flags: "--exclude-byok", description: "it does not count", field: "includeByokInLimit", value: false },
] as const;

const openrouterCopied = [
  requiredName,
  ...openrouterSettings,
  {
    flags: "--expires-at <time>",
    description: "when it stops working, in UTC with seconds, such as 2027-12-31T23:59:59Z",
    unlessGiven: "never",
    field: "expiresAt",
  },
  {
    flags: "--creator <user-id>",
    description: "the member of the organization for whom it is",
    field: "creatorUserId",
  },
  openrouterWorkspace,
] satisfies FlagsFor<OpenRouterCreateInput>;

const estuaryCreate = [
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

const cockroachCreate = [
  requiredName,
  {
    flags: "--service-account <uuid>",
    description: "the service account that it acts as",
    field: "serviceAccountId",
    required: true,
  },
] satisfies FlagsFor<CockroachCreateInput>;

/** Which keys are listed. */
export const filterFlags: FlagTable = {
  by: {
    openrouter: [
      { flags: "--include-disabled", description: "disabled keys, too", field: "includeDisabled", value: true },
      { flags: "--include-expired", description: "expired keys, too", field: "includeExpired", value: true },
      openrouterWorkspace,
    ] satisfies FlagsFor<OpenRouterFilter>,
    cockroach: [
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
        read: (text) => countOf("--page-size", text),
      },
    ] satisfies FlagsFor<CockroachFilter>,
  },
  others: [],
};

/** Where keys are looked for. */
export const scopeFlags: FlagTable = { by: { openrouter: [openrouterWorkspace] }, others: [] };

/** The filters that hide no key. */
export const everything: Partial<Record<ProviderName, object>> = {
  openrouter: { includeDisabled: true, includeExpired: true } satisfies OpenRouterFilter,
};

/** What a new key is. */
export const createFlags: FlagTable = {
  by: {
    estuary: estuaryCreate,
    openrouter: [
      ...openrouterCopied,
      {
        flags: "--external-user <id>",
        description: "makes it the key of this user of yours",
        field: "external.user",
      },
      {
        flags: "--external-key-file <path>",
        description: "where that user's plaintext is, of 32 characters or more",
        field: "external.apiKey",
        needs: "external.user",
        read: (path) => new Secret(secretIn("--external-key-file", path)),
      },
    ] satisfies FlagsFor<OpenRouterCreateInput>,
    cockroach: cockroachCreate,
  },
  others: [name],
};

/** What the successor of a key has other than the key itself, which is what it is like unless told otherwise. */
export const overrideFlags: FlagTable = {
  by: {
    estuary: copied(estuaryCreate, { permissions: "Estuary does not tell what the old key may do" }),
    openrouter: copied(openrouterCopied),
    cockroach: copied(cockroachCreate),
  },
  others: [name],
};

/** @param untold why a field has to be given all the same */
function copied(flags: readonly Flag[], untold: Record<string, string> = {}): readonly Flag[] {
  return flags.map((flag) => ({ ...flag, unlessGiven: undefined, required: untold[flag.field] }));
}

/** What an update sets. */
export const patchFlags: FlagTable = {
  by: {
    estuary: [],
    openrouter: [
      name,
      { flags: "--disable", description: "switches it off", field: "disabled", value: true },
      { flags: "--enable", description: "switches it on again", field: "disabled", value: false },
      ...openrouterSettings,
      { flags: openrouterWorkspace.flags, description: "moves it to this workspace", field: "workspaceId" },
    ] satisfies FlagsFor<OpenRouterPatch>,
    cockroach: [requiredName] satisfies FlagsFor<CockroachPatch>,
  },
  others: [name],
};
