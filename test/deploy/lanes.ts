/** Runs tasks in their order, so many at a time, each to its end whatever becomes of the others; returns what failed. */
export async function runInLanes(lanes: number, tasks: readonly (() => Promise<void>)[]): Promise<Error[]> {
  const waiting = [...tasks];
  const failures: Error[] = [];
  const lane = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      await task().catch((error: Error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failures;
}
