import type { RotationResult } from "../../index.js";
import { isRotationError, sentence } from "../report.js";
import { table } from "./table.js";

export function rotationTable(results: readonly RotationResult[]): string {
  const done = results.flatMap(({ rotation }) => rotation ?? []);
  return table([
    { title: "NAME", cells: done.map(({ old }) => old.name), atLeast: 12 },
    { title: "OLD KEY", cells: done.map(({ retired }) => retired) },
    { title: "OLD ID", cells: done.map(({ old }) => `old ${old.id}`), below: true },
    { title: "NEW ID", cells: done.map((rotation) => `new ${rotation.new.id}`), below: true },
  ]);
}

/**
 * For each key `{id, old, new, retired, healed}`, or `{id, error: {message, step, valid}}`.
 *
 * @param untouched what is said of those that were left alone
 */
export function rotationData(results: readonly RotationResult[], untouched: readonly object[]): object[] {
  return [
    ...untouched,
    ...results.map(({ id, rotation, error }) =>
      rotation
        ? { id, ...rotation }
        : {
            id,
            error: {
              message: sentence(error),
              ...(isRotationError(error) && { step: error.step, valid: error.valid }),
            },
          },
    ),
  ];
}
