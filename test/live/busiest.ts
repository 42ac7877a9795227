/** How many of these times, in milliseconds and in their order, fell into the fullest second, wherever it begins. */
export function busiest(times: readonly number[]): number {
  let [most, from] = [0, 0];
  for (const [index, time] of times.entries()) {
    while ((times[from] ?? 0) <= time - 1_000) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
