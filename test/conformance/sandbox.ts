/** The sandbox that tests use: every exchange with it is held against the specs, and fails the test where it differs. */
import { createSandbox as createUnchecked, type Sandbox, type SandboxOptions } from "../../src/sandbox/index.js";
import { atMost } from "../helpers/pages.js";
import { checkedFetch, type Checks, type Fetch } from "./checked-fetch.js";
import { report } from "./violations.js";

/** More than any test needs. */
const MOST_REQUESTS = 2_000;

/** As `createSandbox` of keysmith/sandbox. A response that is the work of a fault is not checked. */
export function createSandbox(options: SandboxOptions = {}, checks: Checks = {}): Sandbox {
  const faulty = new WeakSet<Response>();
  const sandbox = createUnchecked(options);

  const fetch: Fetch = atMost(MOST_REQUESTS, async (input: RequestInfo | URL, init?: RequestInit) => {
    const before = sandbox.requests.at(-1);
    const response = await sandbox.fetch(input, init);
    const since = sandbox.requests.slice(before ? sandbox.requests.lastIndexOf(before) + 1 : 0);
    // Requests of the same moment may be among them: an answer is then taken for a fault's that is none.
    if (since.some(({ fault, status }) => fault !== undefined && status === response.status)) faulty.add(response);
    return response;
  });

  return {
    ...sandbox,
    fetch: checkedFetch(fetch, { ...checks, report, isExempt: (response) => faulty.has(response) }),
  };
}
