import { basename } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGzip, gzipSync } from "node:zlib";
import { objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { type LocalCloud, type Source, sourcesOf } from "../../local";
import { openInput, STANDARD_INPUT, unreadable } from "./log-file";

/** Lines of one object. */
const OBJECT_LINES = 2_000;

/**
 * The source of a stack without shippers and deliveries, or the named one.
 *
 * @param name of its bucket, with or without APPID, followed by `/` and a key prefix if the bucket has several sources
 */
export function findSource(cloud: LocalCloud, name?: string): Source | undefined {
  return sourcesOf(cloud)
    .map((source) => ({ ...source, prefix: firstPrefix(cloud, source) }))
    .find(({ bucket, prefix }) => name === undefined || isNamed(name, bucket.name, prefix));
}

/** The first of several prefixes, which only the function knows; the trigger has their common part. */
function firstPrefix(cloud: LocalCloud, { functionName, prefix }: Source): string {
  const { prefixes } = objectIn(cloud.variablesOf(functionName)[SETTINGS_VARIABLE] ?? "") ?? {};
  return Array.isArray(prefixes) && typeof prefixes[0] === "string" ? prefixes[0] : prefix;
}

function isNamed(name: string, bucket: string, prefix: string): boolean {
  const [given, ...keys] = name.split("/");
  if (given !== bucket && given !== bucket.replace(/-\d{10}$/, "")) return false;
  return keys.length === 0 || `${prefix}/`.startsWith(keys.join("/"));
}

/**
 * Stores a file in the source's bucket under its own name: unchanged, or compressed with gzip if keys must end with
 * `.gz`.
 */
export async function feedObject(source: Source, file: string, fed: (bytes: number) => void): Promise<void> {
  const name = file === STANDARD_INPUT ? "stdin" : basename(file);
  let bytes = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of openInput(file)) {
        fed((bytes += chunk.length));
        yield chunk;
      }
    } catch (error) {
      throw unreadable(file, error);
    }
  }
  const { bucket, prefix, suffix } = source;
  const key = prefix + name + (name.endsWith(suffix) ? "" : suffix);
  const isPacked = suffix.endsWith(".gz") && !name.endsWith(suffix);
  await bucket.put(key, isPacked ? packed(counted()) : counted());
}

/** Errors of the file are passed on to the compressed stream. */
function packed(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(chunks), createGzip({ level: 1 }), () => undefined);
}

/** Stores lines in the source's bucket, as objects of some lines each. */
export async function feedObjects(
  { bucket, prefix, suffix }: Source,
  lines: readonly string[],
  fed: (lines: number) => void,
  name = "log",
): Promise<void> {
  for (let start = 0; start < lines.length; start += OBJECT_LINES) {
    const some = lines.slice(start, start + OBJECT_LINES);
    const text = some.map((line) => `${line}\n`).join("");
    const key = `${prefix}${name}_${start / OBJECT_LINES}${suffix}`;
    await bucket.put(key, suffix.endsWith(".gz") ? gzipSync(text) : Buffer.from(text));
    fed(start + some.length);
  }
}
