/** The sandbox that tests use: every exchange with it is held against the specs, and fails the test where it differs. */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  createSandbox as createUnchecked,
  type Fault,
  type Sandbox,
  type SandboxOptions,
} from "../../src/sandbox/index.js";
import { checkedFetch, type Checks, type Fetch } from "./checked-fetch.js";
import { report } from "./violations.js";

// One for all sandboxes: from its first use on, each is told of every promise that the process makes.
const exchange = new AsyncLocalStorage<{ faulty: boolean }>();

/** As `createSandbox` of keysmith/sandbox. A response that is the work of a fault is not checked. */
export function createSandbox(options: SandboxOptions = {}, checks: Checks = {}): Sandbox {
  const faulty = new WeakSet<Response>();
  const sandbox = createUnchecked({ ...options, faults: options.faults?.map(watched) });

  const fetch: Fetch = async (input, init) => {
    const here = { faulty: false };
    const response = await exchange.run(here, () => sandbox.fetch(input, init));
    if (here.faulty) faulty.add(response);
    return response;
  };

  return {
    ...sandbox,
    fetch: checkedFetch(fetch, { ...checks, report, isExempt: (response) => faulty.has(response) }),
    fail: (fault) => sandbox.fail(watched(fault)),
  };

  /** Only of a fault that an exchange has met does the sandbox look at the kind. */
  function watched(fault: Fault): Fault {
    return Object.defineProperty({ ...fault }, "kind", {
      enumerable: true,
      get() {
        const here = exchange.getStore();
        if (here) here.faulty = true;
        return fault.kind;
      },
    });
  }
}
