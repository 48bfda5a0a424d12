/** Megabytes a second since `startMs`. */
export function megabytesPerSecond(bytes: number, startMs: number): number {
  return bytes / 1e6 / ((performance.now() - startMs) / 1000);
}

/** Milliseconds of each of so many steps, one after the other. */
export async function timed(count: number, step: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return times;
}
