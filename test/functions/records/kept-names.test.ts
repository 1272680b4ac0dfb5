import type { Members } from "../../../functions/parser/scan/members";
import { Shape } from "../../../functions/parser/scan/shape";
import { spliceOf } from "../../../functions/records/splice";
import { Changes } from "../../../rules";
import { heapInUse } from "../support/garbage";

const KIB = 2 ** 10;

/** Uses names as V8 cuts them out of longer texts, which they then keep in memory. */
function useNamesCut(from: number, to: number, use: (name: string) => void): void {
  for (let at = from; at < to; at++) {
    const text = Buffer.alloc(800 * KIB, `a name of a field ${at}, `).toString("latin1");
    use(text.slice(0, 20));
  }
}

const members = { names: [], count: 0, indexOf: () => undefined } as unknown as Members;
const shape = new Shape(['"a"']);

it.each<[string, (name: string) => void]>([
  ["how records are written", (name) => spliceOf(members, new Changes([[name, "value"]]))],
  ["which names a shape was asked for", (name) => shape.indexOf(name)],
])("the memory of %s keeps no texts that names were cut from", (_, use) => {
  useNamesCut(0, 1, use);
  const before = heapInUse();
  useNamesCut(1, 13, use);
  // The texts are 9,600 KiB.
  expect(heapInUse() - before).toBeLessThan(2000 * KIB);
});

it("a shape tells the members of names that it was asked for, be they few or many, short or long", () => {
  const names = ["a", "__proto__", "b".repeat(2000), ...Array.from({ length: 10 }, (_, at) => `n${at}`)];
  const large = new Shape(names.map((name) => JSON.stringify(name)));
  for (let turn = 0; turn < 2; turn++) {
    expect(names.map((name) => large.indexOf(name))).toEqual(names.map((_, at) => at));
    expect(["", "constructor", "c".repeat(2000)].map((name) => large.indexOf(name))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
});
