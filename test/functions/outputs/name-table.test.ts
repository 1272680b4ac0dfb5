import { LogEncoder } from "../../../functions/outputs/log-group";
import { NameLists, NameTable } from "../../../functions/outputs/name-table";
import { ProtobufEncoder } from "../../../functions/outputs/otlp/protobuf";
import { TakenFields } from "../../../functions/outputs/otlp/taken-fields";
import type { FieldTaker } from "../../../functions/records/field-taker";

/** Lists of names of records whose fields are the same, in other orders and numbers. */
const LISTS = [["a", "b"], ["b", "a"], ["c", "a", "b"], ["a"]];

/** Hands over an empty text for each name. */
function handAll(names: readonly string[], taker: Pick<FieldTaker, "texts">): void {
  taker.texts(names, 0, names.length, Buffer.alloc(0), new Int32Array(2 * names.length));
}

describe("what is made of names", () => {
  it("is made once for logs of CLS, whatever names stand around them", () => {
    const asked: string[] = [];
    const encoder = new LogEncoder((name) => (asked.push(name), name));
    for (const names of LISTS) {
      encoder.begin(1);
      handAll(names, encoder);
      encoder.finish();
    }
    expect(asked).toEqual(["a", "b", "c"]);
  });

  it("is made once for log records of OTLP", () => {
    const asked: string[] = [];
    const protobuf = new ProtobufEncoder();
    const fields = new TakenFields({
      writesJson: false,
      keyOf: protobuf.keyOf,
      headOf: (name) => (asked.push(name), protobuf.headOf(name)),
      texts: (...given) => protobuf.texts(...given),
      value: (...given) => protobuf.value(...given),
    });
    for (const names of LISTS) {
      fields.begin();
      protobuf.begin(false);
      handAll(names, fields);
      protobuf.finish({ observedMs: 1 });
    }
    expect(asked).toEqual(["a", "b", "c"]);
  });

  it("is found in any order, and where there are more names than are kept", () => {
    const table = new NameTable((name) => ({ name }));
    const names = Array.from({ length: 1_100 }, (_, n) => `n${n}`);
    for (const order of [names, [...names].reverse(), names]) {
      table.begin();
      for (const name of order) expect(table.find(name).name).toBe(name);
    }
    expect(table.find("n7")).toBe(table.find("n7"));
  });

  it("is kept for each list by itself, also where two hold the same names", () => {
    const lists = new NameLists((names) => names.join());
    const [one, other] = [["a", "b"], ["b"]];
    expect([one, other, one, [...one]].map((names) => lists.find(names))).toEqual(["a,b", "b", "a,b", "a,b"]);
  });
});
