import { expect, it } from "vitest";
import { AuthenticationError, estuary } from "../../src/index.js";
import { createSandbox } from "../conformance/sandbox.js";
import { failureOf, through } from "../helpers/providers.js";

it("a list that is refused after Estuary's DELETE proves nothing, not even of a key that the same client created", async () => {
  const sandbox = createSandbox();
  const options = through(sandbox, "estuary");
  const keys = estuary({
    ...options,
    fetch: async (url, init) => {
      const response = await sandbox.fetch(url, init);
      if (init.method === "DELETE") sandbox.fail({ kind: "status", status: 401, operation: "estuary.listApiKeys" });
      return response;
    },
  });
  const key = await keys.create({ name: "ci" });
  expect(await failureOf(keys.revoke(key))).toBeInstanceOf(AuthenticationError);
});
