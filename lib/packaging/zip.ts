import { createHash } from "node:crypto";
import { unzipSync, zipSync, type Zippable } from "fflate";

/** Text or bytes by file name. */
export type ZipContents = Record<string, string | Uint8Array>;

/**
 * Creates a zip whose bytes depend only on names and contents: files are sorted, have one time and, except executables,
 * one mode. The compressor is written in JavaScript, because zlib's output differs between builds and processors. SCF's
 * function code is named after this content.
 */
export function zip(contents: ZipContents, executables: ReadonlySet<string> = new Set()): Uint8Array {
  const key = digestOf(contents, executables);
  const known = zips.get(key) ?? pack(contents, executables);
  zips.set(key, known);
  return known;
}

/** Zips of this process by content, shared by functions that differ only in their settings. */
const zips = new Map<string, Uint8Array>();

function digestOf(contents: ZipContents, executables: ReadonlySet<string>): string {
  const digest = createHash("sha256");
  for (const name of Object.keys(contents).sort()) {
    const header = [name, Buffer.byteLength(contents[name]), executables.has(name)];
    digest.update(JSON.stringify(header)).update(contents[name]);
  }
  return digest.digest("base64");
}

function pack(contents: ZipContents, executables: ReadonlySet<string>): Uint8Array {
  // The earliest time that a zip supports. It is local time, because zips store local time.
  const mtime = new Date(1980, 0, 1);
  const entries: Zippable = {};
  for (const name of Object.keys(contents).sort()) {
    const content = contents[name];
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const attrs = executables.has(name) ? REGULAR_FILE_755 : REGULAR_FILE_644;
    entries[name] = [bytes, { level: 9, mtime, os: UNIX, attrs }];
  }
  return zipSync(entries);
}

/** Whether bytes are a zip: the directory ends with a record of 22 bytes and a comment of up to 64 KiB. */
export function isZip(bytes: Uint8Array): boolean {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf("PK\x05\x06", undefined, "latin1");
  return end !== -1 && bytes.length - end - 22 === bytes[end + 20] + (bytes[end + 21] << 8);
}

/**
 * Hex digits that identify the content: the provider compares only the path of the zip. Fact:
 * docs/design/facts/provider.md#code-package.
 */
export function contentHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

const UNIX = 3;
const REGULAR_FILE_644 = 0o100644 << 16;
const REGULAR_FILE_755 = 0o100755 << 16;

/** The files of a zip by name, without folders. Throws if the bytes are not a zip. */
export function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(unzipSync(bytes)).filter(([name]) => !name.endsWith("/")));
}
