import { bytesField, varint } from "../../../../local/cls/log-group";
import type { Random } from "../../parser/scan/random";

type Pair = readonly [key: string, value: string];

/** A message of `/pull_log`, with its protobuf in the usual encoding, or in another valid one. */
export function messageOf(random: Random, logs: readonly (readonly Pair[])[]): Buffer {
  const isOdd = random.below(6) === 0;
  const odd = (): boolean => isOdd && random.below(40) === 0;
  const pair = ([key, value]: Pair): Buffer => {
    const fields = [bytesField(1, Buffer.from(key)), bytesField(2, Buffer.from(value))];
    if (value === "" && random.below(2) === 0) fields.pop();
    if (odd()) fields.reverse();
    if (odd()) fields.splice(1, 0, bytesField(9, Buffer.from("503")));
    if (odd()) fields.unshift(bytesField(1, Buffer.from("status")));
    return bytesField(2, Buffer.concat(fields));
  };
  const log = (pairs: readonly Pair[]): Buffer => {
    const fields = [Buffer.from([1 << 3]), varint(1_767_225_600_000_000), ...pairs.map(pair)];
    if (odd()) fields.push(Buffer.from([7 << 3]), varint(503));
    return bytesField(1, Buffer.concat(fields));
  };
  const group = Buffer.concat([
    ...logs.map(log),
    bytesField(3, Buffer.from("panic.log")),
    ...(odd() ? [Buffer.concat([Buffer.from([0xb2, 0x01]), varint(3), Buffer.from("503")])] : []),
    bytesField(5, Buffer.concat([bytesField(1, Buffer.from("status")), bytesField(2, Buffer.from("503"))])),
  ]);
  const head = Buffer.alloc(96);
  head.writeInt32BE(130, 0);
  head.writeInt32BE(group.length, 92);
  return Buffer.concat([head, group]);
}
