import type { RateLimit } from "../api.js";
import { UsageError } from "./errors.js";

/** What `--rate-limit` says: how many requests in how many seconds. @param others what else may stand there, for the message */
export function rateLimitIn(text: string, others = ""): RateLimit {
  const [, requests, seconds] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (Number(requests) >= 1 && Number(seconds) >= 1) return { requests: Number(requests), seconds: Number(seconds) };
  throw new UsageError(`--rate-limit is ${JSON.stringify(text)}: give REQUESTS/SECONDS, such as 10/1${others}.`);
}
