/** What the command can say of a provider's keys, as data: a room has it in its `flags.ts`. */

/** A flag of the command, and what it sets. */
export interface Flag<Field extends string = string> {
  /** As commander reads it: `--limit <usd>`. */
  flags: string;
  description: string;
  /** For people: what holds otherwise. */
  unlessGiven?: string | undefined;
  /** It cannot be left out. A text says why, where that is not plain. */
  required?: true | string | undefined;
  /** Another field that cannot be left out where this one is given. */
  needs?: string;
  choices?: readonly string[];
  /** What it sets, by the facade's name; `external.user` is within another. */
  field: Field;
  /** What it sets it to, where it has no argument. */
  value?: unknown;
  /**
   * What its argument is: an amount of 0 or more, a count of 1 or more, a list of texts between commas, a time (which it sets
   * as RFC 3339 in UTC), a file that holds a secret or JSON. Text unless given.
   */
  takes?: "amount" | "count" | "list" | "time" | "secret-file" | "json-file";
  /** Arguments that stand for another value: `{ none: null }`. */
  words?: Readonly<Record<string, unknown>>;
}

type FieldOf<Input> = {
  [Name in keyof Input & string]: NonNullable<Input[Name]> extends Record<string, unknown>
    ? Name | `${Name}.${keyof NonNullable<Input[Name]> & string}`
    : Name;
}[keyof Input & string];
type RequiredField<Input> = keyof {
  [Name in keyof Input & string as object extends Pick<Input, Name> ? never : Name]: true;
};

/** Flags for the fields of an input. A flag of what the facade requires says so, and no other one does. */
export type FlagsFor<Input> = readonly (
  | (Flag<Exclude<FieldOf<Input>, RequiredField<Input>>> & { required?: undefined })
  | (Flag<RequiredField<Input>> & { required: true })
)[];

/** Methods that not every facade has. */
export type OptionalMethod = "get" | "update" | "current" | "stats" | "export";

/** What the command knows of a provider: its flags, by what they are given to, and words for its help. */
export interface ProviderFlags {
  /** Which keys are listed. */
  list: readonly Flag[];
  /** Where keys are looked for, by commands that look at all of them. */
  scope: readonly Flag[];
  /** What a new key is. */
  create: readonly Flag[];
  /** What the successor of a key has other than the key itself. */
  rotate: readonly Flag[];
  /** What an update sets. */
  update: readonly Flag[];
  /** The methods of the facade that not every provider has. */
  methods: readonly OptionalMethod[];
  /** How a credential is come by, in a sentence; empty where nothing is known. */
  credential: string;
  /** By command, what stands under "Example" in its help; a command without one shows another provider's. */
  examples: Readonly<Record<string, string>>;
}

/** The flags of a create as those of a copy, which is like its original unless told otherwise. */
export function copied(flags: readonly Flag[], untold: Readonly<Record<string, string>> = {}): readonly Flag[] {
  return flags.map((flag) => ({ ...flag, unlessGiven: undefined, required: untold[flag.field] }));
}

/** What most keys have. */
export const name = { flags: "--name <text>", description: "what people call it", field: "name" } as const;
/** The same where a key cannot be without one. */
export const requiredName = { ...name, required: true } as const;
