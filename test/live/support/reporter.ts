import { LiveCloud } from "./live-cloud";
import { Runtime, type RuntimeOptions } from "./runtime";
import { Together } from "./together";

/** Starts a runtime that reports to the cloud of the test. */
type Start = (options: Pick<RuntimeOptions, "language" | "code"> & Partial<RuntimeOptions>) => Runtime;

/** A cloud, and what starts runtimes in it. */
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

/** Tests that run at once, each in a cloud of its own. */
export const reporterTests = (): ReporterTests => new Together(open);
