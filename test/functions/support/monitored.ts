import type { TerraformStack } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import type { LocalCloud } from "../../../local/cloud";
import type { AlertJson, AlertMessage } from "../../../monitor/alert/json";
import { deployStack, endWithDeployed } from "./deployed";
import { TestServer } from "./http-server";

const MINUTE_MS = 60_000;

/** A server that replaces the receivers of monitors. It is closed with the deployment. */
export async function startReceivers(): Promise<TestServer> {
  const server = await TestServer.start();
  endWithDeployed(() => server.stop());
  return server;
}

/** Alerts that a server received, in order. */
export function alertsTo({ requests }: TestServer): AlertJson[] {
  return requests.flatMap(({ body }) => (JSON.parse(body.toString()) as AlertMessage).alerts);
}

/**
 * A stack with monitors, with the built handlers and the constructs' plan, on a local cloud. Functions use this
 * machine's time; the timer only fires when a test triggers it.
 */
export function deployMonitors(stack: TerraformStack): Promise<LocalCloud> {
  return deployStack(stack, { clock: new SimulatedClock(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 1000) });
}

/** Fires the timer. */
export async function sweep(cloud: LocalCloud): Promise<void> {
  await cloud.clock.advance(MINUTE_MS);
  await cloud.settled();
}
