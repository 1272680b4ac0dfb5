import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { readBody } from "../http/body";
import { headerOf, type ServiceRequest } from "../http/server";
import type { ClsFault } from "./faults";
import type { HashKey } from "./partition";
import { decodeLogGroupList, ProtobufError } from "./protobuf";
import type { ClsRecord } from "./record";

const MAX_BODY_BYTES = 6 * 1024 * 1024;
const MAX_GROUPS = 10;
const MAX_LOGS = 10_000;
const MAX_VALUE_BYTES = 1024 * 1024;
const MAX_CONTENT_BYTES = 5 * 1024 * 1024;

const inflate = promisify(inflateRaw);

/** An error answer; codes are CLS's. Fact: docs/design/facts/runtime.md#uploading-logs. */
export class ClsError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** An additional fault of the answer. */
    readonly fault: ClsFault = {},
  ) {
    super(message);
  }
}

/** The records of an upload, by group. Throws {@link ClsError}. */
export async function readRecords(request: ServiceRequest): Promise<ClsRecord[]> {
  if (headerOf(request, "content-type") !== "application/x-protobuf") {
    throw new ClsError(400, "InvalidContentType", "Content-Type must be application/x-protobuf");
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) {
    throw new ClsError(403, "LogSizeExceed", `the body must be at most ${MAX_BODY_BYTES} bytes`);
  }
  if (body.length === 0) throw new ClsError(400, "MissingContent", "the body must not be empty");
  const groups = decode(await decompress(body, headerOf(request, "x-cls-compress-type")));
  checkLimits(groups);
  return groups.flat();
}

/**
 * The hash key that selects the partition of an upload: 32 hex digits. Fact:
 * docs/design/facts/cls-reading.md#partitions.
 */
export function hashKeyOf(request: ServiceRequest): HashKey | undefined {
  const key = headerOf(request, "x-cls-hashkey");
  if (key === undefined || key === "") return undefined;
  if (/^[0-9a-f]{1,32}$/i.test(key)) return BigInt(`0x${key}`);
  throw new ClsError(400, "InvalidParam", `x-cls-hashkey must be up to 32 hex digits, got "${key}"`);
}

async function decompress(body: Buffer, type: string | undefined): Promise<Buffer> {
  if (type === undefined || type === "") return body;
  if (type !== "deflate") {
    throw new ClsError(400, "InvalidCompressType", `x-cls-compress-type must be deflate here, got "${type}"`);
  }
  try {
    return await inflate(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    throw new ClsError(400, "InvalidContent", (error as Error).message);
  }
}

function decode(bytes: Buffer): ClsRecord[][] {
  try {
    return decodeLogGroupList(bytes);
  } catch (error) {
    if (error instanceof ProtobufError) throw new ClsError(400, "InvalidContent", error.message);
    throw error;
  }
}

function checkLimits(groups: readonly ClsRecord[][]): void {
  if (groups.length > MAX_GROUPS)
    throw new ClsError(403, "LogSizeExceed", `groups must be at most ${MAX_GROUPS}, got ${groups.length}`);
  for (const group of groups) {
    if (group.length === 0 || group.length > MAX_LOGS) {
      throw new ClsError(400, "InvalidContent", `a group must hold 1 to ${MAX_LOGS} logs, got ${group.length}`);
    }
    const sizes = group.flatMap((record) => Object.values(record.contents).map((value) => Buffer.byteLength(value)));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total > MAX_CONTENT_BYTES || sizes.some((size) => size > MAX_VALUE_BYTES)) {
      throw new ClsError(403, "LogSizeExceed", "values must be at most 1 MB each and 5 MB in a group");
    }
  }
}
