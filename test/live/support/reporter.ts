import { LiveCloud } from "./live-cloud";
import { Runtime, type RuntimeOptions } from "./runtime";
import { Together } from "./together";

/** Starts a runtime that reports to the test's cloud. */
type Start = (options: Pick<RuntimeOptions, "language" | "code"> & Partial<RuntimeOptions>) => Runtime;

/** A cloud, and a function that starts runtimes in it. */
async function open() {
  const cloud = await LiveCloud.start();
  const runtimes: Runtime[] = [];
  const start: Start = (options) => {
    const runtime = new Runtime({ environment: cloud.environment(), ...options });
    runtimes.push(runtime);
    return runtime;
  };
  const close = async (): Promise<void> => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await cloud.stop();
  };
  return { place: { cloud, start }, close };
}

export type ReporterTests = Together<Awaited<ReturnType<typeof open>>["place"]>;

/** Concurrent tests, each with a separate cloud. */
export const reporterTests = (): ReporterTests => new Together(open);
