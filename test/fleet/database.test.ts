import { expect, it } from "vitest";
import type { Pool } from "../../src/fleet/connections.js";
import { databaseOver } from "../../src/fleet/database.js";

/** A pool that fails once, in this way. */
function failing(message: string, code?: string): Pool {
  const errors = [Object.assign(new Error(message), { code })];
  return {
    query: () => {
      const error = errors.pop();
      return error ? Promise.reject(error) : Promise.resolve({ rows: [{ is: "there" }] });
    },
  };
}

it.each([
  { message: "could not serialize access due to concurrent update", code: "40001", isTold: false },
  { message: "deadlock detected", code: "40P01", isTold: false },
  { message: "terminating connection due to idle-session timeout", code: "57P05", isTold: true },
  // Of pg, where a connection was cut without a word.
  { message: "Query read timeout", code: undefined, isTold: true },
])("A database is asked again where it says: $message", async ({ message, code, isTold }) => {
  const told: string[] = [];
  const end = () => Promise.resolve();
  const database = databaseOver({ pool: failing(message, code), end }, undefined, (error) => told.push(error.message));
  expect(await database.query("select")).toEqual([{ is: "there" }]);
  expect(told).toEqual(isTold ? [message] : []);
});
