import { KEYS, KEYS_BYTES, NODE_BYTES, NODES, TREE } from "./layout";
import { WIDE } from "./tokens";

/**
 * The tree of keys. A node stands for the keys of an object up to one of them, in their order: its parent, and one key more.
 * So the node of an object's last key is the shape of the object. Nodes are told by their addresses.
 *
 * A node foretells the key that follows, which is the one that followed last: then one comparison is all that a key takes.
 */

/** The node of an object without keys. */
export const ROOT: i32 = TREE;

/** Stands for keys that the tree does not hold, and all that follow them. It has no children. */
export const NO_NODE: i32 = 0;

// Four-byte words of a node.
const PARENT: usize = 0;
/** Address of its key: the text with quotes and the colon that follows. Those bytes are followed by 15 that do not matter. */
const KEY: usize = 4;
const KEY_LENGTH: usize = 8;
const MARKS: usize = 12;
const FIRST_CHILD: usize = 16;
const NEXT_SIBLING: usize = 20;
const FORETOLD: usize = 24;

/** A longer key is rarely met twice. */
const MAX_KEY_LENGTH: i32 = 256;

/** Children of a node that are looked at: keys that are ever new must not take ever longer. */
const MAX_CHILDREN: i32 = 64;

let nodes: i32 = 1;
let keyBytes: i32 = 0;

/** Whether a key was not taken into the tree for want of room, in all of it or below its node. */
export let isFull: bool = false;

/** Forgets all keys. */
export function clear(): void {
  nodes = 1;
  keyBytes = 0;
  isFull = false;
  memory.fill(ROOT, 0, NODE_BYTES);
}

/** The key that is foretold, if it stands at that address with its colon; else {@link NO_NODE}. */
export function foretold(node: i32, at: i32): i32 {
  if (node === NO_NODE) return NO_NODE;
  const child = load<i32>(node, FORETOLD);
  if (child === NO_NODE) return NO_NODE;
  let key = load<i32>(child, KEY);
  let left = load<i32>(child, KEY_LENGTH);
  while (true) {
    const alike = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(key)));
    if (left <= 16) return (~alike & ((1 << left) - 1)) === 0 ? child : NO_NODE;
    if (alike !== 0xffff) return NO_NODE;
    at += 16;
    key += 16;
    left -= 16;
  }
}

/** Length of a node's key, with quotes. */
export function keyLength(node: i32): i32 {
  return load<i32>(node, KEY_LENGTH) - 1;
}

/** Whether a node's key holds more than ASCII. */
export function keyMarks(node: i32): i32 {
  return load<i32>(node, MARKS);
}

/** The node of a key, quotes included, that follows those of a node; {@link NO_NODE} where there is no room for it. */
export function follow(node: i32, key: i32, length: i32, marks: i32): i32 {
  if (node === NO_NODE) return NO_NODE;
  let count = 0;
  for (let child = load<i32>(node, FIRST_CHILD); child !== NO_NODE; child = load<i32>(child, NEXT_SIBLING)) {
    if (keyLength(child) === length && memory.compare(load<i32>(child, KEY), key, length) === 0) {
      store<i32>(node, child, FORETOLD);
      return child;
    }
    if (++count === MAX_CHILDREN) {
      isFull = true;
      return NO_NODE;
    }
  }
  return add(node, key, length, marks);
}

function add(parent: i32, key: i32, length: i32, marks: i32): i32 {
  if (length > MAX_KEY_LENGTH) return NO_NODE;
  if (nodes === NODES || keyBytes + length + 1 > KEYS_BYTES) {
    isFull = true;
    return NO_NODE;
  }
  const node = TREE + nodes++ * NODE_BYTES;
  const copy = KEYS + keyBytes;
  keyBytes += length + 1;
  memory.copy(copy, key, length);
  store<u8>(copy + length, 0x3a);
  store<i32>(node, parent, PARENT);
  store<i32>(node, copy, KEY);
  store<i32>(node, length + 1, KEY_LENGTH);
  store<i32>(node, marks & WIDE, MARKS);
  store<i32>(node, NO_NODE, FIRST_CHILD);
  store<i32>(node, load<i32>(parent, FIRST_CHILD), NEXT_SIBLING);
  store<i32>(node, NO_NODE, FORETOLD);
  store<i32>(parent, node, FIRST_CHILD);
  store<i32>(parent, node, FORETOLD);
  return node;
}
