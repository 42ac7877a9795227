/** Given what to do and a file with an OpenAPI document, does it and prints the microseconds of processor time that it took. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type * as OpenApiTypeScript from "openapi-typescript";
import { render } from "../../scripts/render/index.js";
import { Spec } from "../../scripts/render/spec.js";
import { renderTypes } from "../../scripts/render/types.js";

// As the renderer loads it.
const { default: openapiTS, astToString } = createRequire(import.meta.url)(
  "openapi-typescript",
) as typeof OpenApiTypeScript;

export type Rendering = "all" | "openapi-typescript" | "types";

const [what, file = ""] = process.argv.slice(2);
const begun = process.cpuUsage();
const text = await readFile(file, "utf8");
switch (what as Rendering) {
  case "all":
    await render(JSON.parse(text), "github");
    break;
  case "openapi-typescript":
    astToString(await openapiTS(text, { silent: true }));
    break;
  case "types":
    renderTypes(new Spec(JSON.parse(text)));
}
const { user, system } = process.cpuUsage(begun);
console.log(user + system);
