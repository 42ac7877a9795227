/** The keys of a few customers in a dotenv file, such as the services of one machine. */
import { readFile } from "node:fs/promises";
import { exists } from "../files/durable-file.js";
import { changeDotenv } from "../files/change-dotenv.js";
import { variableIn, withoutValue, withVariable, type Edited } from "../files/dotenv.js";
import type { ProviderName } from "../key.js";
import type { FleetStore } from "./store.js";

export interface DotenvStoreOptions {
  /** The name of the variable that a customer's key stands in. The key's id stands in one of this name with `_ID` behind it. */
  variable: (customer: string) => string;
}

/**
 * A dotenv file as a fleet's store: replaced as a whole, with everything else in it left as it is, by one process at a time
 * of those on its machine. Nobody but its owner can read it afterwards.
 *
 * @param path of the file, which is made where there is none
 */
export function dotenvStore<P extends ProviderName>(path: string, { variable }: DotenvStoreOptions): FleetStore<P> {
  const nameOf = (customer: string) => {
    const name = variable(customer);
    if (/^[A-Za-z_]\w*$/.test(name)) return name;
    throw new TypeError(`${JSON.stringify(name)} is no name of a variable. Give another one for ${customer}.`);
  };
  const change = async (customer: string, edit: (text: string, name: string, id: string | undefined) => Edited) => {
    const name = nameOf(customer);
    await changeDotenv(path, (text) => {
      const id = variableIn(text, `${name}_ID`);
      return "problem" in id ? id : edit(text, name, id.text || undefined);
    });
  };
  return {
    write: (customer, secret, { id }, { replaces }) =>
      change(customer, (text, name, held) => {
        if (held !== replaces) return { problem: `it holds another key of ${customer}` };
        const edited = withVariable(text, name, secret.reveal());
        return "problem" in edited ? edited : withVariable(edited.text, `${name}_ID`, id);
      }),
    read: async (customer) => {
      const text = (await exists(path)) ? await readFile(path, "latin1") : "";
      const id = variableIn(text, `${nameOf(customer)}_ID`);
      if ("problem" in id) throw new Error(`${path}: ${id.problem}.`);
      return id.text || undefined;
    },
    remove: (customer, id) =>
      change(customer, (text, name, held) => {
        if (held !== id) return { text };
        const edited = withoutValue(text, name);
        return "problem" in edited ? edited : withoutValue(edited.text, `${name}_ID`);
      }),
  };
}
