/** What holds for everything that an arbitrary gives: defined once, run with as many cases as a tier has time for. */
import fc from "fast-check";

interface Property {
  title: string;
  /** How many kinds of case there are, all of which are to be tried as often as other properties have cases. */
  kinds: number;
  /** @throws the smallest counterexample found, with the seed and the path that lead to it */
  check: (run: Run) => Promise<void>;
}

interface Run {
  numRuns: number;
  /** When no further cases are tried, in milliseconds. All of them unless given. */
  limitMs?: number;
  /** Left out, each run tries other cases. With the `path` of a failure, that case alone. */
  seed?: number;
  path?: string;
}

export interface Topic {
  topic: string;
  properties: Property[];
}

interface More<T> {
  /** What is tried first in every run. */
  examples?: T[];
  kinds?: number;
  /** Gives what all cases share, and what ends it. */
  share?: () => Promise<() => Promise<unknown>>;
}

/** How many smaller cases are tried after one has failed, so that a slow failure is soon told, too. */
const MOST_SMALLER = 100;

export function property<T>(
  title: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
  { examples = [], kinds = 1, share }: More<NoInfer<T>> = {},
): Property {
  const check = async ({ limitMs, ...run }: Run) => {
    let failed = false;
    let smaller = 0;
    const tested = fc.asyncProperty(arbitrary, async (value) => {
      if (failed && ++smaller > MOST_SMALLER) return;
      try {
        await holds(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    });
    const end = await share?.();
    try {
      await fc.assert(tested, {
        ...run,
        examples: examples.map((value): [T] => [value]),
        includeErrorInReport: true,
        plugins: limitMs === undefined ? [] : [fc.interruptAfterTimeLimit(limitMs, { failOnInterrupt: false })],
      });
    } finally {
      await end?.();
    }
  };
  return { title, kinds, check };
}
