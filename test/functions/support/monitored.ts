import type { TerraformStack } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import type { LocalCloud } from "../../../local/cloud";
import type { AlertJson, AlertMessage } from "../../../monitor/alert/json";
import { deployStack, endWithDeployed } from "./deployed";
import { TestServer } from "./http-server";

const MINUTE_MS = 60_000;

/** A server that stands for the receivers of monitors. It ends with what is deployed. */
export async function startReceivers(): Promise<TestServer> {
  const server = await TestServer.start();
  endWithDeployed(() => server.stop());
  return server;
}

/** Alerts that a server was told, in their order. */
export function alertsTo({ requests }: TestServer): AlertJson[] {
  return requests.flatMap(({ body }) => (JSON.parse(body.toString()) as AlertMessage).alerts);
}

/**
 * A stack with monitors, as its constructs plan it and its handlers were built, on a local cloud. Functions live in this
 * machine's time; the timer rings only where a test has it ring.
 */
export function deployMonitors(stack: TerraformStack): Promise<LocalCloud> {
  return deployStack(stack, { clock: new SimulatedClock(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 1000) });
}

/** Has the timer ring. */
export async function sweep(cloud: LocalCloud): Promise<void> {
  await cloud.clock.advance(MINUTE_MS);
  await cloud.settled();
}
