import { INDEX, KEYS, KEYS_BYTES, NODE_BYTES, NODES, SLOTS, TREE } from "./layout";
import { COLON, COMMA, WIDE } from "./tokens";

/**
 * The tree of keys. A node stands for the keys of an object up to one of them, in their order: its parent's keys, and
 * one more. The node of an object's last key is therefore the shape of the object. Nodes are identified by their
 * addresses.
 *
 * A node predicts the key that follows: the one that followed last. A correct prediction costs a single comparison. Any
 * other key is looked up in the index, by a hash of its parent and its bytes.
 */

/** The node of an object without keys. */
export const ROOT: i32 = TREE;

/** The number of a node, which identifies shapes outside; the root's is 0. {@link UNTOLD} if there is none. */
export function shapeOf(node: i32): i32 {
  return node === NO_NODE ? UNTOLD : (node - TREE) / NODE_BYTES;
}
/** Stands for the keys of an object that are not known, or one of which contains an escape. */
export const UNTOLD: i32 = -1;
/** Stands for the keys of an object for which the tree has no room, but which are on the tape. */
export const UNNUMBERED: i32 = -2;

/** Stands for keys that are not in the tree, and all keys that follow them. It has no children. */
export const NO_NODE: i32 = 0;

// Four-byte words of a node.
const PARENT: usize = 0;
/** Address of its key as it follows another member: a comma, the key with its quotes, and a colon. */
const KEY: usize = 4;
/** Length of all that. */
const KEY_LENGTH: usize = 8;
const TRAITS: usize = 12;
const FORETOLD: usize = 16;

/** A longer key rarely occurs twice. */
const MAX_KEY_LENGTH: i32 = 256;

/** Number of slots of the index in which a child is looked up. */
const PROBES: i32 = 16;

let nodes: i32 = 1;
let keyBytes: i32 = 0;

/** Whether a key was not added to the tree because there was no room. */
export let isFull: bool = false;

/** Removes all keys. */
export function clear(): void {
  nodes = 1;
  keyBytes = 0;
  isFull = false;
  memory.fill(ROOT, 0, NODE_BYTES);
  memory.fill(INDEX, 0, SLOTS * 4);
}

/**
 * The key that followed last time; {@link NO_NODE} if there is none. Compare it in a condition: if the result of the
 * comparison was a node, what follows would wait for the comparison, which is nearly always right.
 */
// @inline
export function foretold(node: i32): i32 {
  // At NO_NODE, the memory is zero.
  return load<i32>(node, FORETOLD);
}

/** Whether the key of a node is at that address with its colon. */
// @inline
export function isKeyAt(node: i32, at: i32): bool {
  return isAt(load<i32>(node, KEY) + 1, load<i32>(node, KEY_LENGTH) - 1, at);
}

/** The same, if the comma before the key is at that address: most lines contain no spaces. */
// @inline
export function isNextKeyAt(node: i32, at: i32): bool {
  return isAt(load<i32>(node, KEY), load<i32>(node, KEY_LENGTH), at);
}

/** Whether these bytes are at that address. */
function isAt(bytes: i32, length: i32, at: i32): bool {
  while (true) {
    const alike = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(bytes)));
    if (length <= 16) return (~alike & ((1 << length) - 1)) === 0;
    if (alike !== 0xffff) return false;
    at += 16;
    bytes += 16;
    length -= 16;
  }
}

/** Length of a node's key, with quotes. */
export function keyLength(node: i32): i32 {
  return load<i32>(node, KEY_LENGTH) - 2;
}

/** Whether a node's key contains characters beyond ASCII. */
export function keyTraits(node: i32): i32 {
  return load<i32>(node, TRAITS);
}

/** The node of a key, including quotes, that follows those of a node; {@link NO_NODE} if there is no room for it. */
export function follow(node: i32, key: i32, length: i32, traits: i32): i32 {
  if (node === NO_NODE) return NO_NODE;
  let slot = hashOf(node, key, length);
  for (let probe = 0; probe < PROBES; probe++) {
    slot = (slot + 1) & (SLOTS - 1);
    const child = load<i32>(INDEX + (slot << 2));
    if (child === NO_NODE) return add(node, key, length, traits, slot);
    if (
      load<i32>(child, PARENT) === node &&
      keyLength(child) === length &&
      isAt(load<i32>(child, KEY) + 1, length, key)
    ) {
      store<i32>(node, child, FORETOLD);
      return child;
    }
  }
  isFull = true;
  return NO_NODE;
}

/** Hash of the parent, the length, and the first and last eight bytes. */
function hashOf(node: i32, key: i32, length: i32): i32 {
  let bytes: u64;
  if (length < 8) bytes = load<u64>(key) & (((<u64>1) << (length << 3)) - 1);
  else bytes = load<u64>(key) ^ rotl<u64>(load<u64>(key + length - 8), 29);
  const hash = (bytes ^ (((<u64>node) << 32) | length)) * 0x9e3779b97f4a7c15;
  return <i32>(hash >> 40);
}

function add(parent: i32, key: i32, length: i32, traits: i32, slot: i32): i32 {
  if (length > MAX_KEY_LENGTH) return NO_NODE;
  if (nodes === NODES || keyBytes + length + 2 > KEYS_BYTES) {
    isFull = true;
    return NO_NODE;
  }
  const node = TREE + nodes++ * NODE_BYTES;
  const copy = KEYS + keyBytes;
  keyBytes += length + 2;
  store<u8>(copy, COMMA);
  memory.copy(copy + 1, key, length);
  store<u8>(copy + 1 + length, COLON);
  store<i32>(node, parent, PARENT);
  store<i32>(node, copy, KEY);
  store<i32>(node, length + 2, KEY_LENGTH);
  store<i32>(node, traits & WIDE, TRAITS);
  store<i32>(node, NO_NODE, FORETOLD);
  store<i32>(parent, node, FORETOLD);
  store<i32>(INDEX + (slot << 2), node);
  return node;
}
