import { join } from "node:path";
import { node } from "../helpers/processes.js";
import { userCode } from "../compat/user-code.js";
import type { Benchmark, Row } from "./benchmark.js";
import type { Workplace } from "./workplace.js";

const OPTIONS = { lib: ["es2022", "dom"], module: "nodenext", noEmit: true, strict: true, target: "es2022", types: [] };

export const types: Benchmark = {
  name: "types",
  how:
    "The type instantiations that `tsc --extendedDiagnostics` counts for `test/bench/consumers/keysmith.ts`, which calls all 16 " +
    "operations of the three providers, against those for `test/bench/consumers/openapi-fetch.ts`, which makes the same calls " +
    "with openapi-fetch alone over the same types. Both import the built package. Without `skipLibCheck` the compiler checks " +
    "its own library and every declaration of the packages, too.",
  measure: async (workplace) => {
    const rows: Row[] = [];
    for (const skipLibCheck of [true, false]) {
      const keysmith = await instantiations(workplace, "keysmith", skipLibCheck);
      const openapiFetch = await instantiations(workplace, "openapi-fetch", skipLibCheck);
      rows.push({
        what: `instantiations, ${skipLibCheck ? "with" : "without"} skipLibCheck`,
        figure: keysmith.toLocaleString("en"),
        target: `< ${openapiFetch.toLocaleString("en")}, openapi-fetch alone`,
        met: keysmith < openapiFetch,
      });
    }
    return rows;
  },
};

async function instantiations(
  { root, folder, write }: Workplace,
  name: string,
  skipLibCheck: boolean,
): Promise<number> {
  const project = `types/${name}-${String(skipLibCheck)}`;
  const config = { compilerOptions: { ...OPTIONS, skipLibCheck }, files: ["consumer.ts"] };
  await write({
    [`${project}/consumer.ts`]: await userCode(root, `test/bench/consumers/${name}.ts`),
    [`${project}/tsconfig.json`]: JSON.stringify(config),
  });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const output = await node(folder, [tsc, "-p", project, "--extendedDiagnostics"]);
  const [, found] = /^Instantiations:\s+(\d+)$/m.exec(output) ?? [];
  if (found === undefined) throw new Error(`tsc told no instantiations:\n${output}`);
  return Number(found);
}
