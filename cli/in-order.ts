/**
 * What the work makes of each item, in the order of the items, some of them worked on at a time. Work that throws ends
 * the iteration; what is under way then is left to itself.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Its error is thrown when its turn comes.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= atOnce) yield running.shift() as Promise<R>;
  }
  yield* running;
}
