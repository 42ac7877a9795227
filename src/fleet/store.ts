/** What a fleet asks of the place where its customers' keys are, and a table that is such a place. */
import type { ApiKey, ProviderName } from "../key.js";
import { NotStoredError } from "../rotation/errors.js";
import type { Secret } from "../secret.js";
import type { Database } from "./database.js";

/** A store of one key for each customer. `keysmith/fleet/testing` tells whether one does what is said here. */
export interface FleetStore<P extends ProviderName = ProviderName> {
  /**
   * Compares and sets, in one step: writes the secret and the key's id, only while the store holds the key whose id is
   * `replaces`, or none where that is undefined. Durable before it resolves. This is what keeps a worker that was thought
   * dead from writing over its successor's work.
   *
   * @throws NotStoredError where the store holds another key; any other error means that it may have written
   */
  write(customer: string, secret: Secret, key: ApiKey<P>, where: { replaces: string | undefined }): Promise<void>;
  /**
   * The id of the key whose secret the store holds, as `write` wrote it; undefined where it holds none. Never an earlier
   * one: not from a replica or a cache. Without it, a customer whose worker was killed while it wrote is in doubt, and a
   * person has to say what the store holds.
   */
  read?(customer: string): Promise<string | undefined>;
  /**
   * Forgets the key of this id, and does nothing where the store holds another one or none. Without it, what is removed
   * from the fleet stays in the store, revoked.
   */
  remove?(customer: string, id: string): Promise<void>;
}

/** How the secrets in a table are encrypted: by you, since the key to them is yours. */
export interface Seal {
  /** Gives what is written into the table. */
  seal(plaintext: string, customer: string): string | Promise<string>;
  /** Gives the plaintext back. */
  open(sealed: string, customer: string): string | Promise<string>;
}

/** A table in the fleet's own database. */
export interface TableStore<P extends ProviderName = ProviderName> extends FleetStore<P> {
  read(customer: string): Promise<string | undefined>;
  /** The plaintext key of a customer; undefined where there is none. */
  plaintext(customer: string): Promise<string | undefined>;
}

export function tableStore<P extends ProviderName>(
  database: () => Promise<Database>,
  fleet: string,
  encryption: Seal,
): TableStore<P> {
  const query = async <Row>(text: string, ...values: unknown[]) =>
    (await database()).query<Row>(text, [fleet, ...values]);
  const held = async (customer: string) =>
    (
      await query<{ key_id: string; sealed: string }>(
        "select key_id, sealed from keysmith_fleet.secret where fleet = $1 and customer = $2",
        customer,
      )
    )[0];
  return {
    write: async (customer, secret, { id }, { replaces }) => {
      const sealed = await encryption.seal(secret.reveal(), customer);
      const written =
        replaces === undefined
          ? await query(
              `insert into keysmith_fleet.secret (fleet, customer, key_id, sealed) values ($1, $2, $3, $4)
               on conflict do nothing returning 1`,
              customer,
              id,
              sealed,
            )
          : await query(
              `update keysmith_fleet.secret set key_id = $3, sealed = $4
               where fleet = $1 and customer = $2 and key_id = $5 returning 1`,
              customer,
              id,
              sealed,
              replaces,
            );
      // Where the answer was lost and it was asked again, it is there already.
      if (written.length === 0 && (await held(customer))?.key_id !== id) {
        throw new NotStoredError(`the table holds another key of ${customer}.`);
      }
    },
    read: async (customer) => (await held(customer))?.key_id,
    remove: async (customer, id) => {
      await query("delete from keysmith_fleet.secret where fleet = $1 and customer = $2 and key_id = $3", customer, id);
    },
    plaintext: async (customer) => {
      const row = await held(customer);
      return row && encryption.open(row.sealed, customer);
    },
  };
}
