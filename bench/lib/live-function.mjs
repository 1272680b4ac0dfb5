/** A measured Node function: `live-function.mjs HANDLER JSON` calls it, and reports on file descriptor 3. */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

const [, , file, given] = process.argv;
const startedAt = performance.now();
const { main_handler: handler } = createRequire(import.meta.url)(file);
const loadMs = performance.now() - startedAt;
const { lines, runs = 1, pauseMs = 300, everyMs = 0, betweenMs = 0 } = JSON.parse(given);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function call(lines, request) {
  const context = { request_id: request, function_name: "orders", namespace: "default", function_version: "$LATEST" };
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  await handler({ lines, everyMs }, context);
  // A full pipe accepts nothing. The rate counts lines that were written to the pipe: otherwise a function that waits
  // after its lines would pay for the writing, and one that does not wait would not.
  if (process.stdout.writableLength > 0) await new Promise((resolve) => process.stdout.write("", resolve));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
}

const { ms: firstMs } = await call(1, "first");
await wait(pauseMs);
const called = [];
for (let run = 0; run < runs; run++) {
  if (run > 0 && betweenMs > 0) await wait(betweenMs);
  called.push(await call(lines, `5f6a2e0c-9b11-4a43-8f3e-${String(run).padStart(12, "0")}`));
}
writeSync(3, JSON.stringify({ loadMs, firstMs, called }));
process.exit();
