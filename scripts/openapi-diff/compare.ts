/** What another document says differently of the operations that a curated spec describes. */
import type { Spec } from "../render/spec.js";
import { alignOperations } from "./align.js";
import { differencesIn, type Difference, type Stage } from "./differences.js";
import { matchOperations } from "./operations.js";
import { redoclyDiff } from "../redocly/diff.js";

export interface Comparison {
  curated: Spec;
  other: Spec;
}

/** One list of differences for each comparison. The differ runs once for all of them: starting it is what takes time. */
export async function compare(comparisons: Comparison[]): Promise<Difference[][]> {
  const stage: Stage = { base: {}, revision: {}, places: new Map() };
  const staged = comparisons.map(({ curated, other }, comparison) => {
    const { pairs, basePath } = matchOperations(curated, other);
    const paths = alignOperations(curated, other, pairs).map((items, index) => {
      const path = `/${comparison}/${index}`;
      [stage.base[path], stage.revision[path]] = items;
      stage.places.set(path, pairs[index]?.place ?? "");
      return path;
    });
    return { basePath, paths };
  });

  const changes = await redoclyDiff(documentOf(stage.base), documentOf(stage.revision));
  const found = differencesIn(changes, stage);
  return staged.map(({ basePath, paths }) => [
    ...(basePath
      ? [
          {
            place: "servers",
            aspect: "base path",
            curated: basePath.curated,
            claimed: basePath.other,
            silent: false,
          },
        ]
      : []),
    ...paths.flatMap((path) => found.get(path) ?? []),
  ]);
}

function documentOf(paths: Stage["base"]): string {
  return JSON.stringify({ openapi: "3.1.0", info: { title: "compared", version: "1" }, paths });
}
