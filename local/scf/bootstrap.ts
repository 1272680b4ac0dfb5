/**
 * Runs inside a function's process: it loads the handler, and then runs invocations one after the other.
 *
 * It is JavaScript in a string, written to a file before a worker starts. A separate module would have to be found next
 * to both the compiled code and the TypeScript that tests run, and compiled for the function's Node version; a string
 * works everywhere.
 *
 * Output goes through the process's pipes, as the platform captures it, so that output of native code is included. A
 * marker ends the output of an invocation on each pipe.
 */
export const BOOTSTRAP_SOURCE = `"use strict";
const path = require("path");

const send = process.send.bind(process);
const writeOut = process.stdout.write.bind(process.stdout);
const writeError = process.stderr.write.bind(process.stderr);
let whenIdle;

function load(name) {
  const dot = name.lastIndexOf(".");
  const loaded = require(path.join(process.cwd(), name.slice(0, dot)));
  const handler = loaded[name.slice(dot + 1)];
  if (typeof handler !== "function") throw new Error("handler " + name + " must be exported as a function");
  return handler;
}

function describe(error) {
  return error instanceof Error
    ? { message: String(error.message), stack: String(error.stack) }
    : { message: String(error), stack: String(error) };
}

function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (returned && typeof returned.then === "function") returned.then(resolve, reject);
    // Without a promise and without a call to the callback, the end of all work is the end of the invocation.
    else whenIdle = () => resolve(returned);
    if (whenIdle) process.channel.unref();
  });
}

/** An invocation lasts until the event loop is empty, unless the handler opted out. */
function untilIdle(context) {
  if (context.callbackWaitsForEmptyEventLoop === false) return Promise.resolve();
  return new Promise((resolve) => {
    whenIdle = resolve;
    process.channel.unref();
  });
}

/** Milliseconds that the function's time is ahead of the machine's. */
let ahead = 0;

/** Before any code is loaded that may keep Date.now. */
function moveTime() {
  const Machine = Date;
  const now = () => Machine.now() + ahead;
  globalThis.Date = new Proxy(Machine, {
    apply: () => new Machine(now()).toString(),
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    get: (target, name) => (name === "now" ? now : target[name]),
  });
}

async function invoke(handler, { event, context, credentials, aheadMs }) {
  Object.assign(process.env, credentials);
  ahead = aheadMs;
  const deadline = Date.now() + context.time_limit_in_ms;
  context.getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
  try {
    const result = await call(handler, event, context);
    await untilIdle(context);
    return { result: JSON.stringify(result === undefined ? null : result) };
  } catch (error) {
    return { error: describe(error) };
  }
}

process.on("disconnect", () => process.exit());
process.on("beforeExit", () => {
  const resume = whenIdle;
  whenIdle = undefined;
  if (!resume) return;
  process.channel.ref();
  resume();
});

let handler;
try {
  if (process.argv[3] === "clock") moveTime();
  handler = load(process.argv[2]);
  process.on("message", async (message) => {
    const outcome = await invoke(handler, message);
    whenIdle = undefined;
    process.channel.ref();
    writeOut(message.marker);
    writeError(message.marker);
    send({ type: "done", ...outcome });
  });
  send({ type: "ready" });
} catch (error) {
  send({ type: "broken", error: describe(error) });
}
`;
