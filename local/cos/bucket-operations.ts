import { headerOf, type ServiceRequest } from "../http/server";
import { ACLS, aclDocument, SETTING_KINDS, type Acl, type SettingKind } from "./bucket-settings";
import { readDocument, sendXml, textsIn } from "./document";
import { CosError } from "./error";
import type { Operation, OperationRequest } from "./operation";
import { xml } from "./xml";

/** Requests on a bucket's configuration, such as `PUT /?lifecycle`, and on the bucket itself. */
export function findBucketOperation(request: ServiceRequest): Operation | undefined {
  const [[name] = [""], ...others] = request.query;
  if (others.length > 0 && name !== "versions") return undefined;
  if (name === "" && request.method === "DELETE") return { action: "cos:DeleteBucket", run: deleteBucket };
  if (name === "acl") return ACL_OPERATIONS[request.method];
  if (name === "versions" && request.method === "GET") return { action: "cos:GetBucketObjectVersions", run: versions };
  if (name === "delete" && request.method === "POST")
    return { action: "cos:DeleteMultipleObjects", run: deleteObjects };
  const kind = Object.hasOwn(SETTING_KINDS, name) ? SETTING_KINDS[name] : undefined;
  return kind && settingOperation(request.method, name, kind);
}

/** The canned ACL of a request. Throws {@link CosError} for an unknown one. */
export function aclOf(request: ServiceRequest): Acl {
  const wanted = headerOf(request, "x-cos-acl") ?? headerOf(request, "x-amz-acl") ?? "private";
  const acl = ACLS.find((candidate) => candidate === wanted);
  if (acl) return acl;
  throw new CosError(400, "InvalidArgument", `x-cos-acl must be one of ${ACLS.join(", ")}, got ${wanted}`);
}

const ACL_OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: {
    action: "cos:GetBucketACL",
    run: async ({ response, bucket, owner }) => sendXml(response, aclDocument(bucket.acl, owner)),
  },
  PUT: {
    action: "cos:PutBucketACL",
    run: async ({ request, response, bucket }) => {
      bucket.acl = aclOf(request);
      response.writeHead(200, { "Content-Length": 0 }).end();
    },
  },
};

function settingOperation(method: string, name: string, kind: SettingKind): Operation | undefined {
  const subject = `Bucket${name.replace(/-/g, "").replace(/^./, (letter) => letter.toUpperCase())}`;
  if (method === "GET") return { action: `cos:Get${subject}`, run: (asked) => getSetting(asked, name, kind) };
  if (method === "DELETE") return { action: `cos:Delete${subject}`, run: (asked) => deleteSetting(asked, name) };
  if (method === "PUT" && kind.root !== undefined) {
    const { root } = kind;
    return { action: `cos:Put${subject}`, run: (asked) => putSetting(asked, name, root) };
  }
  return undefined;
}

async function getSetting({ response, bucket }: OperationRequest, name: string, { unset }: SettingKind): Promise<void> {
  const document = bucket.settings.get(name);
  if (document !== undefined) return sendXml(response, document);
  if ("document" in unset) return sendXml(response, unset.document);
  throw new CosError(404, unset.code, `The bucket has no ${name} configuration.`);
}

async function deleteSetting({ response, bucket }: OperationRequest, name: string): Promise<void> {
  bucket.settings.delete(name);
  response.writeHead(204).end();
}

async function putSetting({ request, response, bucket }: OperationRequest, name: string, root: string): Promise<void> {
  const document = await readDocument(request);
  if (!new RegExp(`^\\s*(?:<\\?xml[^>]*>\\s*)?<${root}[\\s>/]`).test(document)) {
    throw new CosError(400, "MalformedXML", `The document must be a ${root}.`);
  }
  bucket.settings.set(name, document);
  response.writeHead(200, { "Content-Length": 0 }).end();
}

async function deleteBucket({ response, bucket, cos }: OperationRequest): Promise<void> {
  cos.deleteBucket(bucket.name);
  response.writeHead(204).end();
}

/** Without versioning, each object has one version with an empty id. */
async function versions({ request, response, bucket }: OperationRequest): Promise<void> {
  const prefix = new Map(request.query).get("prefix") ?? "";
  const Version = bucket.keys(prefix).map((Key) => ({ Key, VersionId: "", IsLatest: true }));
  const body = xml("ListVersionsResult", { Name: bucket.name, Prefix: prefix, IsTruncated: false, Version });
  return sendXml(response, body);
}

async function deleteObjects(asked: OperationRequest): Promise<void> {
  const document = await readDocument(asked.request);
  const keys = textsIn(document, "Key");
  for (const key of keys) await asked.bucket.delete(key, asked.change);
  return sendXml(asked.response, xml("DeleteResult", { Deleted: keys.map((Key) => ({ Key })) }));
}
