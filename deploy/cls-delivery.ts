/**
 * The command that Terraform runs for a `ClsEventSource`: `node cls-delivery.js create|destroy`, with the delivery as JSON
 * in `CLS_DELIVERY`. It prints one line. On an error it writes to stderr and exits with status 1.
 */
import { createDelivery, deleteDelivery, DeliveryApi } from "./delivery";
import { readCredentials, readDelivery } from "./delivery-settings";

async function main(command: string | undefined): Promise<void> {
  const run = { create: createDelivery, destroy: deleteDelivery }[command ?? ""];
  if (run === undefined) throw new Error(`command must be create or destroy, got ${command ?? "nothing"}`);
  const delivery = readDelivery(process.env.CLS_DELIVERY);
  const credentials = readCredentials(process.env);
  const api = new DeliveryApi(delivery, () => credentials);
  try {
    console.log(`topic ${delivery.topicId} to function ${delivery.functionName}: ${await run(api, delivery)}`);
  } finally {
    api.close();
  }
}

main(process.argv[2]).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
