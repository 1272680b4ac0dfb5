/**
 * Results of the work in item order, with some items processed concurrently. An error ends the iteration; work in
 * progress then continues unobserved.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Its error is thrown in turn.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= atOnce) yield running.shift() as Promise<R>;
  }
  yield* running;
}
