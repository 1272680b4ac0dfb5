import fc from "fast-check";

/** The bytes, cut at the given positions; a cut beyond the end has no effect. */
function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...cuts].sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index] ?? bytes.length));
}

/** Bytes, and a way to cut them into chunks, including empty ones. */
export function cutBytes(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<{ bytes: Uint8Array; chunks: Uint8Array[] }> {
  return bytes.chain((whole) =>
    fc.array(fc.nat({ max: whole.length })).map((cuts) => ({ bytes: whole, chunks: cutAt(whole, cuts) })),
  );
}

/** A source that returns the chunks unchanged. */
export async function* sourceOf(chunks: Iterable<Uint8Array | Error>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}

/** All items of an iteration, and its error, if any. */
export async function collect<T>(items: AsyncIterable<T>): Promise<{ items: T[]; error?: unknown }> {
  const collected: T[] = [];
  try {
    for await (const item of items) collected.push(item);
  } catch (error) {
    return { items: collected, error };
  }
  return { items: collected };
}
