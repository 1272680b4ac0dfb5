/** An entry of a database: the network's first bits as `10.1.0.0/16`, and its fields' values. */
export type Entry = readonly [network: string, values: readonly string[]];

/** The file of ipip.net with these fields for IPv4 networks, in two languages one after the other. */
export function ipdbFile(fields: readonly string[], entries: readonly Entry[]): Buffer {
  const nodes: [number, number][] = [[0, 0]];
  const leaves: { node: number; side: 0 | 1; text: Buffer }[] = [];
  for (const [network, values] of entries) {
    const bits = bitsOf(network);
    let node = 0;
    for (const bit of bits.slice(0, -1)) {
      if (nodes[node][bit] === 0) nodes[node][bit] = nodes.push([0, 0]) - 1;
      node = nodes[node][bit];
    }
    leaves.push({ node, side: bits[bits.length - 1], text: Buffer.from(values.join("\t")) });
  }
  const count = nodes.length;
  // Eight bytes that no leaf points to: a leaf's number is above the count of nodes.
  const data: Buffer[] = [Buffer.alloc(8)];
  let at = 8;
  for (const { node, side, text } of leaves) {
    nodes[node][side] = count + at;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length);
    data.push(length, text);
    at += 2 + text.length;
  }
  const tree = Buffer.alloc(count * 8);
  nodes.forEach(([zero, one], index) => {
    tree.writeUInt32BE(zero === 0 ? count : zero, index * 8);
    tree.writeUInt32BE(one === 0 ? count : one, index * 8 + 4);
  });
  const body = Buffer.concat([tree, ...data]);
  const description = Buffer.from(
    JSON.stringify({
      build: 1,
      ip_version: 1,
      languages: { CN: 0, EN: fields.length },
      node_count: count,
      total_size: body.length,
      fields,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(description.length);
  return Buffer.concat([length, description, body]);
}

/** The bits of a network of IPv4 in the tree, which is one of IPv6. */
export function bitsOf(network: string, lead = "0".repeat(80) + "1".repeat(16)): (0 | 1)[] {
  const [address, prefix] = network.split("/");
  const bits = address.split(".").map((byte) => Number(byte).toString(2).padStart(8, "0"));
  return Array.from(lead + bits.join("").slice(0, Number(prefix)), (bit) => (bit === "1" ? 1 : 0));
}
