/** What a caller says of CockroachDB Cloud's keys. */
import type { SortOrder, WireApiKey } from "../../../generated/cockroach/types.js";

export interface CockroachFilter {
  /** Only the keys of this service account (a UUID). */
  serviceAccountId?: string | undefined;
  /** By creation: `ASC`, oldest first, unless given. */
  sortOrder?: SortOrder | undefined;
  /** The list as it was at this time (RFC 3339): every page shows the same state. */
  asOfTime?: string | undefined;
  /** How many keys a page has at most. The server's own default unless given. */
  pageSize?: number | undefined;
}

export interface CockroachCreateInput {
  /** For people. */
  name: string;
  /** The service account (a UUID) that the key acts as. Its roles are the key's. */
  serviceAccountId: string;
}

export interface CockroachPatch {
  /** For people. */
  name: string;
}

export interface CockroachWords {
  wire: WireApiKey;
  filter: CockroachFilter;
  input: CockroachCreateInput;
  patch: CockroachPatch;
}

export type { SortOrder, CockroachWords as default };
