import { buildSync } from "esbuild";
import { Decompress } from "fzstd";
import { Module } from "node:module";
import { join } from "node:path";
import { loadParquetPart, loadParquetZstdPart } from "../../../functions/outputs/parquet-part";

const ROOT = join(__dirname, "../../..");

/** The parts as deployed. */
export const builtPart = () => loadParquetPart(join(ROOT, "dist/parts"));

export const builtZstd = () => loadParquetZstdPart(join(ROOT, "dist/parts"));

interface Reader {
  parquetMetadata(file: ArrayBuffer): Metadata;
  parquetReadObjects(options: object): Promise<Record<string, unknown>[]>;
}

interface Metadata {
  readonly num_rows: bigint;
  readonly schema: readonly { readonly name: string; readonly type?: string; readonly converted_type?: string }[];
  readonly row_groups: readonly { readonly columns: readonly { readonly meta_data: ColumnMeta }[] }[];
}

interface ColumnMeta {
  readonly codec: string;
  readonly path_in_schema: readonly string[];
  readonly encodings: readonly string[];
  readonly dictionary_page_offset?: bigint;
  readonly statistics: { readonly min_value?: unknown; readonly max_value?: unknown; readonly null_count?: bigint };
}

let reader: Reader | undefined;

/** Hyparquet is an ES module, but Jest only loads CommonJS. */
function openReader(): Reader {
  if (reader) return reader;
  const entry = { contents: 'export * from "hyparquet"', resolveDir: ROOT };
  const built = buildSync({ stdin: entry, bundle: true, platform: "node", format: "cjs", write: false });
  const made = new Module("hyparquet-for-tests") as Module & { _compile(code: string, file: string): void };
  made._compile(built.outputFiles[0].text, join(ROOT, "hyparquet-for-tests.js"));
  return (reader = made.exports as Reader);
}

export function metadataOf(body: Uint8Array): Metadata {
  return openReader().parquetMetadata(bufferOf(body));
}

/** The columns of a file and their types, in order. */
export function typesOf(body: Uint8Array): Record<string, string> {
  const [, ...columns] = metadataOf(body).schema;
  return Object.fromEntries(columns.map(({ name, type, converted_type }) => [name, converted_type ?? type ?? ""]));
}

/**
 * The rows of a file, read by an independent reader: int64 and microseconds as bigint, JSON as its text, null for
 * missing values.
 */
export async function rowsOf(body: Uint8Array): Promise<Record<string, unknown>[]> {
  const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  return openReader().parquetReadObjects({
    file: bufferOf(body),
    compressors: { ZSTD: unzstd },
    parsers: {
      timestampFromMicroseconds: (micros: bigint) => micros,
      stringFromBytes: (bytes: Uint8Array | undefined) => bytes && asText(bytes),
      jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && asText(bytes),
    },
  });
}

/** The rows without null values. */
export async function filledRowsOf(body: Uint8Array): Promise<Record<string, unknown>[]> {
  const rows = await rowsOf(body);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)),
  );
}

function unzstd(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  new Decompress((chunk) => void chunks.push(chunk)).push(bytes, true);
  return Buffer.concat(chunks);
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
}
