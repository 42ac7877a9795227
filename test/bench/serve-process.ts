/** Given numbers of keys, serves a sandbox with that many for each, and sends where; until whoever started it goes. */
import { serveSandbox } from "../../src/cli/serve-sandbox.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { prefixOf } from "../../src/sandbox/routes.js";
import { LISTED, type ServedKeys } from "./lists.js";

const served: ServedKeys[] = [];
for (const count of process.argv.slice(2).map(Number)) {
  const sandbox = createSandbox();
  // One of them is the credential.
  for (const provider of LISTED)
    for (let index = 1; index < count; index++) sandbox.issue(provider, { name: `key ${index}` });
  const { url } = await serveSandbox({ sandbox });
  for (const provider of LISTED) {
    served.push({ provider, count, baseUrl: url + prefixOf(provider), apiKey: sandbox.credentials[provider] });
  }
}
process.send?.(served);
process.once("disconnect", () => process.exit());
