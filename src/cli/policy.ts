import { readFile } from "node:fs/promises";
import { defaultPolicy, type AuditPolicy } from "../index.js";
import { systemReason, UsageError } from "./errors.js";
import { textOf } from "./text-files.js";

/** A policy file: a JSON object of what is to be other than the default. @throws UsageError */
export async function policyIn(path: string): Promise<Partial<AuditPolicy>> {
  const refuse = (problem: string, cause?: unknown) => new UsageError(`--policy ${path}: ${problem}.`, { cause });
  const bytes = await readFile(path).catch((error: unknown) => {
    throw refuse(systemReason(error), error);
  });
  let policy: unknown;
  try {
    policy = JSON.parse(textOf(bytes));
  } catch (error) {
    throw refuse("it is no JSON", error);
  }
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) throw refuse("it holds no JSON object");
  for (const [name, value] of Object.entries(policy)) {
    const standard = Object.entries(defaultPolicy).find(([known]) => known === name)?.[1];
    if (standard === undefined) throw refuse(`there is no ${name}. There are ${Object.keys(defaultPolicy).join(", ")}`);
    if (value !== false && typeof value !== typeof standard) {
      throw refuse(`${name} is ${JSON.stringify(value)}: give a ${typeof standard}, or false to turn it off`);
    }
  }
  return policy;
}
