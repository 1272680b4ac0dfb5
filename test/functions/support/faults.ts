import type { ServerResponse } from "node:http";

/** Faults of an answer. Bytes count from the first requested one. */
export type Fault = {
  /** ETag of the answer instead of the object's; null omits it. */
  readonly eTag?: string | null;
} & (
  | { readonly type: "none" }
  /** The connection breaks after `afterBytes` of the body: by a reset (`rst`), or as if it had ended (`fin`). */
  | { readonly type: "reset"; readonly afterBytes: number; readonly how?: "rst" | "fin" }
  /** The connection breaks before the answer. */
  | { readonly type: "hangUp"; readonly how: "rst" | "fin" }
  /** No answer, or only the start of its headers. */
  | { readonly type: "silence"; readonly sent?: string }
  /** The answer is an error. */
  | {
      readonly type: "status";
      readonly statusCode: number;
      readonly code: string;
      /** The document: in COS's format, or broken in some way. @default "xml" */
      readonly document?: "xml" | "none" | "malformed" | "html" | "huge" | "cut" | "stalled" | "telltale";
      readonly location?: string;
    }
  /** The answer is not HTTP. */
  | { readonly type: "garbage" }
  /** Nothing more is sent after `afterBytes` of the body. */
  | { readonly type: "stall"; readonly afterBytes: number }
  /** The body is sent in pieces of `bytes`, `ms` apart. */
  | { readonly type: "slow"; readonly bytes: number; readonly ms: number }
  /** The whole object is sent although a range was requested. */
  | { readonly type: "ignoreRange" }
  /** A range that begins that many bytes later than requested. */
  | { readonly type: "shiftRange"; readonly by: number }
  /** Only that many bytes of the requested range, in a valid answer. */
  | { readonly type: "shortRange"; readonly bytes: number }
  /** A range of an object that is that many bytes longer. */
  | { readonly type: "otherTotal"; readonly by: number }
  /** A valid answer with the object's size and checksum, but different bytes. */
  | { readonly type: "otherBody"; readonly body: Uint8Array; readonly length?: "told" | "chunked" }
  /** A chunked body without its last chunk: the connection ends after `afterBytes`. */
  | { readonly type: "chunked"; readonly afterBytes: number }
  /** Only the end of the connection marks the end of the body, and it comes after `afterBytes`. */
  | { readonly type: "untilClose"; readonly afterBytes: number }
);

/** Sends a body with the fault applied; the headers are already set. */
export function sendBody(response: ServerResponse, body: Buffer, fault: Fault): void {
  switch (fault.type) {
    case "reset":
      return cutAfter(response, body.subarray(0, fault.afterBytes), fault.how ?? "rst");
    case "chunked":
      response.removeHeader("content-length");
      return cutAfter(response, body.subarray(0, fault.afterBytes), "fin");
    case "untilClose":
      response.removeHeader("content-length");
      response.useChunkedEncodingByDefault = false;
      return void response.end(body.subarray(0, fault.afterBytes));
    case "stall":
      response.flushHeaders();
      if (fault.afterBytes > 0) response.write(body.subarray(0, fault.afterBytes));
      return;
    case "otherBody":
      if (fault.length === "chunked") response.removeHeader("content-length");
      else response.setHeader("content-length", fault.body.length);
      return void response.end(fault.body);
    case "slow":
      return sendSlowly(response, body, fault.bytes, fault.ms);
    default:
      response.end(body);
  }
}

/** Answers without an object; returns whether it did. */
export function sendInstead(response: ServerResponse, fault: Fault, signedWith: string): boolean {
  const { socket } = response;
  switch (fault.type) {
    case "hangUp":
      if (fault.how === "fin") socket?.end();
      else socket?.resetAndDestroy();
      return true;
    case "silence":
      if (fault.sent !== undefined) socket?.write(fault.sent);
      return true;
    case "garbage":
      socket?.end("what is this?\r\n\r\n");
      return true;
    case "status":
      sendStatus(response, fault, signedWith);
      return true;
    default:
      return false;
  }
}

/**
 * A reset discards data that the other side has not read yet. A short wait ensures that it breaks at the intended byte.
 */
function cutAfter(response: ServerResponse, body: Buffer, how: "rst" | "fin"): void {
  const { socket } = response;
  const cut = () => (how === "fin" ? socket?.end() : socket?.resetAndDestroy());
  response.flushHeaders();
  const sent = () => (how === "fin" ? cut() : setTimeout(cut, 20));
  if (body.length > 0) response.write(body, sent);
  else sent();
}

function sendSlowly(response: ServerResponse, body: Buffer, bytes: number, ms: number): void {
  if (body.length <= bytes) return void response.end(body);
  response.write(body.subarray(0, bytes));
  setTimeout(() => sendSlowly(response, body.subarray(bytes), bytes, ms), ms);
}

function sendStatus(response: ServerResponse, fault: Fault & { type: "status" }, signedWith: string): void {
  const { statusCode, code, document = "xml", location } = fault;
  const xml = errorXml(code, "told &amp; refused", signedWith);
  if (location !== undefined) response.setHeader("location", location);
  response.writeHead(statusCode, { "content-type": "application/xml" });
  switch (document) {
    case "none":
      return void response.end();
    case "malformed":
      return void response.end("<Error><Code>No<Such>Key</Code><Message>");
    case "html":
      return void response.end(`<html><Code>${"x".repeat(1000)}\n</Code>a proxy's page</html>`);
    case "huge":
      return flood(response, xml);
    case "cut":
      return cutAfter(response, Buffer.from(xml.slice(0, 20)), "rst");
    case "stalled":
      return void response.write(xml.slice(0, 20));
    case "telltale":
      return void response.end(errorXml(code, `Authorization was q-ak=${signedWith}&amp;q-signature=5e2f`, signedWith));
    default:
      return void response.end(xml);
  }
}

/** An error document in COS's format: in addition to code and message, it repeats what was signed. */
export function errorXml(code: string, message: string, signedWith: string): string {
  return (
    `<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>${code}</Code>\n\t<Message>${message}</Message>\n` +
    `\t<StringToSign>${signedWith}</StringToSign>\n\t<RequestId>in-body</RequestId>\n</Error>\n`
  );
}

/** Sends endlessly, as fast as the other side reads. */
function flood(response: ServerResponse, head: string): void {
  const block = Buffer.alloc(64 * 1024, "<x>");
  response.write(head);
  const more = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", more);
  more();
}
