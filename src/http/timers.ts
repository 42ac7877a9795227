// A longer time is no time at all to setTimeout.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Works until the work is done, the time is up, or the caller aborts: then at once, whatever the work does.
 *
 * @param ms any duration, `Infinity` included
 * @param late what happens instead where the time is up first
 */
export async function within<T>(
  signal: AbortSignal | undefined,
  ms: number,
  late: () => T | Promise<T>,
  work?: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = (): void => undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort);
      const wait = (left: number) => {
        timer = setTimeout(
          () => (left > LONGEST_TIMER_MS ? wait(left - LONGEST_TIMER_MS) : resolve(late())),
          Math.min(left, LONGEST_TIMER_MS),
        );
      };
      wait(ms);
      work?.(controller.signal).then(resolve, reject);
    });
  } catch (error) {
    controller.abort();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Resolves after so many milliseconds, or rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return within(signal, ms, () => undefined);
}
