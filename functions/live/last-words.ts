import { builtin } from "../tencent/builtin";
import type { WireRequest } from "./wire";

/** Maximum milliseconds by which the end of a process is delayed. */
const LAST_WORDS_MS = 100;

/** A request in the form that is passed to another thread. */
type Sent = Omit<WireRequest, "what">;

/**
 * Sends the remaining lines of a process that is about to end. Asynchronous work would no longer run in it, so another
 * thread sends them while this one blocks, for 100 ms at most. Never throws.
 *
 * @param flag requested first, if it is unknown whether somebody watches
 */
export function sendLastWords(upload: WireRequest, flag?: WireRequest): void {
  const { Worker } = builtin("node:worker_threads");
  const isDone = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { upload: sent(upload), flag: flag && sent(flag), isDone };
  const worker = new Worker(WORKER_SOURCE, { eval: true, workerData, env: {}, execArgv: [] });
  worker.on("error", () => undefined).unref();
  Atomics.wait(isDone, 0, 0, LAST_WORDS_MS);
}

function sent({ what: _, body, ...request }: WireRequest): Sent {
  return { ...request, body: body && new Uint8Array(body) };
}

/** JavaScript in a string: the reporter has no file of its own, because users can bundle it in any way. */
const WORKER_SOURCE = `"use strict";
const { workerData: { upload, flag, isDone } } = require("worker_threads");

function send({ endpoint, body, ...request }, then) {
  const { protocol, hostname, port } = endpoint;
  const { request: open } = require(protocol === "http:" ? "http" : "https");
  const sending = open({ ...request, hostname, port }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk) => (text += chunk)).on("end", () => then(response, text));
  });
  sending.on("error", done).end(body);
}

function done() {
  Atomics.store(isDone, 0, 1);
  Atomics.notify(isDone, 0);
}

function isWatched({ statusCode, headers }, text) {
  try {
    return statusCode === 200 && JSON.parse(text).until > Date.parse(headers.date);
  } catch {
    return false;
  }
}

if (!flag) send(upload, done);
else send(flag, (response, text) => (isWatched(response, text) ? send(upload, done) : done()));
`;
