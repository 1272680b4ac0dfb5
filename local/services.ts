import type { Account } from "./account";
import type { Cam } from "./cam/cam";
import type { SimulatedClock } from "./clock";
import type { Alarms } from "./cls/alarms";
import type { Cls } from "./cls/cls";
import type { Dashboards } from "./cls/dashboards";
import type { Deliveries } from "./cls/deliveries";
import type { Transforms } from "./cls/transforms";
import type { Cos } from "./cos/cos";
import type { Scf } from "./scf/scf";
import type { Tags } from "./tags";

/** The account and the state of each service: plans are deployed into it, and the API works on it. */
export interface Services {
  readonly account: Account;
  readonly clock: SimulatedClock;
  readonly cam: Cam;
  readonly cos: Cos;
  readonly cls: Cls;
  readonly scf: Scf;
  readonly deliveries: Deliveries;
  readonly transforms: Transforms;
  readonly alarms: Alarms;
  readonly dashboards: Dashboards;
  readonly tags: Tags;
}
