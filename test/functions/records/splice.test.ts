import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Members } from "../../../functions/parser/scan/members";
import { spliceOf } from "../../../functions/records/splice";
import { Changes } from "../../../rules";

const KIB = 2 ** 10;

it("keeps nothing of the texts out of which names of fields were cut", () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  const members = { names: [], count: 0, indexOf: () => undefined } as unknown as Members;
  const splice = (at: number): void => {
    const text = Buffer.alloc(800 * KIB, `a name of a field ${at}, `).toString("latin1");
    spliceOf(members, new Changes([[text.slice(0, 20 + (at % 4)), "value"]]));
  };
  splice(0);
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let at = 1; at < 13; at++) splice(at);
  gc();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(2000 * KIB);
});
