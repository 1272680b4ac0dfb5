// What calls a handler of Node as SCF does: argv[2] is "file.export" in the working directory.
const { join } = require("node:path");

const dot = process.argv[2].lastIndexOf(".");
let handler;
try {
  handler = require(join(process.cwd(), process.argv[2].slice(0, dot)))[process.argv[2].slice(dot + 1)];
  process.send({ type: "ready" });
} catch (error) {
  process.send({ type: "broken", error: { message: error.message, stack: error.stack, name: error.name } });
}

function call(event, context) {
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (returned && typeof returned.then === "function") returned.then(resolve, reject);
    // Neither a promise nor a callback: what ends the invocation is that nothing is left to do.
    else if (handler.length < 3) whenIdle(() => resolve(returned));
  });
}

function whenIdle(then) {
  process.channel.unref();
  process.once("beforeExit", () => {
    process.channel.ref();
    then();
  });
}

process.on("message", async ({ event, context }) => {
  const started = performance.now();
  const outcome = await call(event, context).then(
    (result) => ({ result }),
    (error) => ({ error: { message: error.message, name: error.name } }),
  );
  process.send({
    type: "done",
    ...outcome,
    ms: performance.now() - started,
    waits: context.callbackWaitsForEmptyEventLoop,
  });
});
process.on("disconnect", () => process.exit());
