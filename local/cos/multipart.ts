import type { ServiceRequest } from "../http/server";
import { isCopy, sourceOf } from "./copy";
import { readDocument, sendXml, textsIn } from "./document";
import { CosError } from "./error";
import { checked, storedHeaders } from "./incoming";
import { encoded } from "./list";
import type { Operation, OperationRequest } from "./operation";
import type { PartClaim, Upload } from "./uploads";
import { xml } from "./xml";

const MAX_PARTS = 10_000;
const PAGE = 1_000;

/** Requests of multipart uploads, which SDKs use for large files; undefined for any other. */
export function findMultipartOperation({ method, query }: ServiceRequest, key: string): Operation | undefined {
  const names = new Set(query.map(([name]) => name));
  if (names.has("uploads")) {
    if (key === "" && method === "GET") return { action: "cos:ListMultipartUploads", run: listUploads };
    return key !== "" && method === "POST" ? { action: "cos:InitiateMultipartUpload", run: begin } : undefined;
  }
  if (!names.has("uploadId") || key === "") return undefined;
  if (names.has("partNumber")) return method === "PUT" ? { action: "cos:UploadPart", run: putPart } : undefined;
  return OF_UPLOAD[method];
}

const OF_UPLOAD: Readonly<Record<string, Operation>> = {
  GET: { action: "cos:ListParts", run: listParts },
  POST: { action: "cos:CompleteMultipartUpload", run: complete },
  DELETE: { action: "cos:AbortMultipartUpload", run: abort },
};

async function begin({ request, response, bucket, key }: OperationRequest): Promise<void> {
  const { id } = bucket.uploads.begin(key, storedHeaders(request));
  sendXml(response, xml("InitiateMultipartUploadResult", { Bucket: bucket.name, Key: key, UploadId: id }));
}

async function putPart(asked: OperationRequest): Promise<void> {
  const { request, response, bucket } = asked;
  const number = wholeNumber(request, "partNumber", 1, MAX_PARTS);
  const upload = uploadOf(asked);
  if (!isCopy(request)) {
    const { etag, body } = await bucket.uploads.put(upload, number, checked(request));
    response.writeHead(200, { ETag: etag, "x-cos-hash-crc64ecma": body.crc64, "Content-Length": 0 }).end();
    return;
  }
  const { object, bytes } = sourceOf(asked);
  const part = await bucket.uploads.put(upload, number, object.body.open(bytes.start, bytes.end));
  const LastModified = new Date(part.lastModified).toISOString();
  sendXml(response, xml("CopyPartResult", { ETag: part.etag, LastModified }));
}

async function complete(asked: OperationRequest): Promise<void> {
  const { request, response, bucket, key, change } = asked;
  const upload = uploadOf(asked);
  const joined = await bucket.uploads.join(upload, claimsIn(await readDocument(request)));
  const object = await bucket.putJoined(key, joined, upload.headers, change);
  await bucket.uploads.end(upload);
  const Location = `${bucket.domain}/${key}`;
  response.setHeader("x-cos-hash-crc64ecma", object.body.crc64);
  sendXml(
    response,
    xml("CompleteMultipartUploadResult", { Location, Bucket: bucket.name, Key: key, ETag: object.etag }),
  );
}

/** The parts that a document lists. Throws {@link CosError} if it is invalid. */
function claimsIn(document: string): PartClaim[] {
  const claims = [...document.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => ({
    number: Number(textsIn(part, "PartNumber")[0]),
    etag: textsIn(part, "ETag")[0] ?? "",
  }));
  if (claims.length > 0 && claims.every(({ number, etag }) => Number.isInteger(number) && etag !== "")) return claims;
  throw new CosError(400, "MalformedXML", "The document must be a CompleteMultipartUpload that lists parts.");
}

async function abort(asked: OperationRequest): Promise<void> {
  await asked.bucket.uploads.end(uploadOf(asked));
  asked.response.writeHead(204).end();
}

async function listUploads({ request, response, bucket, owner }: OperationRequest): Promise<void> {
  const query = new Map(request.query);
  for (const name of ["delimiter", "key-marker", "upload-id-marker"]) {
    if (query.get(name)) {
      throw new CosError(501, "NotImplemented", `the local cloud does not implement GET with uploads and ${name}`);
    }
  }
  const encode = encoderOf(request);
  const prefix = query.get("prefix") ?? "";
  const person = { ID: owner, DisplayName: owner };
  const Upload = bucket.uploads.all(prefix).map(({ key, id, begun }) => ({
    Key: encode(key),
    UploadId: id,
    StorageClass: "STANDARD",
    Initiator: person,
    Owner: person,
    Initiated: new Date(begun).toISOString(),
  }));
  const head = { Bucket: bucket.name, EncodingType: query.get("encoding-type"), Prefix: encode(prefix) };
  const markers = { KeyMarker: "", UploadIdMarker: "", MaxUploads: Upload.length, IsTruncated: false };
  sendXml(response, xml("ListMultipartUploadsResult", { ...head, ...markers, Upload }));
}

async function listParts(asked: OperationRequest): Promise<void> {
  const { request, response, bucket, key, owner } = asked;
  const upload = uploadOf(asked);
  const after = wholeNumber(request, "part-number-marker", 0, MAX_PARTS, 0);
  const most = wholeNumber(request, "max-parts", 1, PAGE, PAGE);
  const rest = [...upload.parts.values()]
    .filter(({ number }) => number > after)
    .sort((one, other) => one.number - other.number);
  const page = rest.slice(0, most);
  const person = { ID: owner, DisplayName: owner };
  const Part = page.map(({ number, lastModified, etag, body }) => ({
    PartNumber: number,
    LastModified: new Date(lastModified).toISOString(),
    ETag: etag,
    Size: body.size,
  }));
  const encoding = new Map(request.query).get("encoding-type");
  const head = { Bucket: bucket.name, EncodingType: encoding, Key: encoderOf(request)(key), UploadId: upload.id };
  const isTruncated = rest.length > page.length;
  const bounds = {
    PartNumberMarker: after,
    NextPartNumberMarker: isTruncated ? page.at(-1)?.number : undefined,
    MaxParts: most,
    IsTruncated: isTruncated,
  };
  const owners = { Initiator: person, Owner: person, StorageClass: "STANDARD" };
  sendXml(response, xml("ListPartsResult", { ...head, ...owners, ...bounds, Part }));
}

function uploadOf({ request, bucket, key }: OperationRequest): Upload {
  return bucket.uploads.find(new Map(request.query).get("uploadId") ?? "", key);
}

function encoderOf({ query }: ServiceRequest): (text: string) => string {
  return new Map(query).get("encoding-type") === "url" ? encoded : (text) => text;
}

function wholeNumber({ query }: ServiceRequest, name: string, min: number, max: number, otherwise?: number): number {
  const text = new Map(query).get(name) || otherwise?.toString() || "";
  const value = Number(text);
  if (text !== "" && Number.isInteger(value) && value >= min) return Math.min(value, max);
  throw new CosError(400, "InvalidArgument", `${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
