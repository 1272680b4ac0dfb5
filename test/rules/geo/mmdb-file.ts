import { bitsOf } from "./ipdb-file";

type Data = string | number | boolean | Buffer | readonly Data[] | { readonly [name: string]: Data };

/** MaxMind's format with these records for networks of IPv4. */
export function mmdbFile(entries: readonly (readonly [network: string, record: Data])[]): Buffer {
  const nodes: [number | Buffer, number | Buffer][] = [[0, 0]];
  for (const [network, record] of entries) {
    const bits = bitsOf(network, "");
    let node = 0;
    for (const bit of bits.slice(0, -1)) {
      if (nodes[node][bit] === 0) nodes[node][bit] = nodes.push([0, 0]) - 1;
      node = nodes[node][bit] as number;
    }
    nodes[node][bits[bits.length - 1]] = encode(record);
  }
  const data: Buffer[] = [];
  let at = 0;
  const tree = Buffer.alloc(nodes.length * 8);
  nodes.flat().forEach((child, index) => {
    let target = child === 0 ? nodes.length : child;
    if (Buffer.isBuffer(target)) {
      data.push(target);
      at += target.length;
      target = nodes.length + 16 + at - target.length;
    }
    tree.writeUInt32BE(target, index * 4);
  });
  const description = encode({
    binary_format_major_version: encodeInteger(TYPES.uint16, 2, 2),
    binary_format_minor_version: encodeInteger(TYPES.uint16, 2, 0),
    build_epoch: encodeInteger(TYPES.uint64, 8, 1_600_000_000),
    database_type: "Test",
    description: { en: "for tests" },
    ip_version: encodeInteger(TYPES.uint16, 2, 4),
    languages: ["en"],
    node_count: nodes.length,
    record_size: encodeInteger(TYPES.uint16, 2, 32),
  });
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from("\xab\xcd\xefMaxMind.com", "latin1"),
    description,
  ]);
}

const TYPES = { text: 2, double: 3, uint16: 5, uint32: 6, map: 7, uint64: 9, list: 11, boolean: 14 };

function encode(value: Data): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === "string")
    return Buffer.concat([control(TYPES.text, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "boolean") return control(TYPES.boolean, value ? 1 : 0);
  if (typeof value === "number") return encodeNumber(value);
  if (isList(value)) return Buffer.concat([control(TYPES.list, value.length), ...value.map(encode)]);
  const entries = Object.entries(value).flatMap(([name, item]) => [encode(name), encode(item)]);
  return Buffer.concat([control(TYPES.map, entries.length / 2), ...entries]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value)) return encodeInteger(TYPES.uint32, 4, value);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(TYPES.double, 8), bytes]);
}

function encodeInteger(type: number, size: number, value: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, Math.max(0, size - 6), Math.min(size, 6));
  return Buffer.concat([control(type, size), bytes]);
}

/** A type and a size: types above 7 in a byte of their own, sizes above 28 likewise. */
function control(type: number, size: number): Buffer {
  const more = size >= 29 ? [size - 29] : [];
  const shown = Math.min(size, 29);
  return Buffer.from(type > 7 ? [shown, type - 7, ...more] : [(type << 5) | shown, ...more]);
}

function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}
