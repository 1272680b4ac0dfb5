import type { Services } from "./services";

/** The resources of an account, without preset policies, each as a kind and a name. */
export function inventory({ alarms, cam, cos, cls, dashboards, deliveries, scf, transforms }: Services): string[] {
  return [
    ...cls.allLogsets().map(({ name }) => `logset ${name}`),
    ...cls.allTopics().map(({ name }) => `topic ${name}`),
    ...cls.allShippers().map(({ spec }) => `shipper ${spec.name}`),
    ...cos.allBuckets().map(({ name }) => `bucket ${name}`),
    ...scf.allFunctions().map(({ spec }) => `function ${spec.name}`),
    ...scf.allFunctions().flatMap((target) => scf.bindings.of(target).map(({ trigger }) => `trigger ${trigger.name}`)),
    ...scf.allFunctions().flatMap((target) => scf.timers.of(target).map(({ spec }) => `timer ${spec.name}`)),
    ...scf.allFunctions().flatMap((target) => scf.urls.of(target).map(() => `URL of ${target.spec.name}`)),
    ...transforms.all().map(({ spec }) => `data transform ${spec.name}`),
    ...alarms.allAlarms().map(({ settings }) => `alarm ${settings.name}`),
    ...dashboards.all().map(({ name }) => `dashboard ${name}`),
    ...alarms.allNotices().map(({ settings }) => `alarm notice ${settings.name}`),
    ...deliveries.all().map(({ topic, spec }) => `delivery ${topic.name} to ${spec.functionName}`),
    ...cam.allRoles().map(({ name }) => `role ${name}`),
    ...cam.policies.all().flatMap(({ name, preset }) => (preset ? [] : [`policy ${name}`])),
  ];
}
