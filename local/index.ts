/** Exports for command lines; tests import other modules directly. */
export { DEFAULT_APP_ID, type AccessKey } from "./account";
export { SimulatedClock } from "./clock";
export { LocalCloud, type CloudOptions } from "./cloud";
export type { ResourceChange } from "./deploy/deploy";
export type { Delivery } from "./cls/delivery";
export type { ClsRecord } from "./cls/record";
export type { Shipper } from "./cls/shipper";
export type { Topic } from "./cls/topic";
export { uploadRecords } from "./feed/cls-client";
export { firstTime, parseObject, toRecord } from "./feed/record";
export { type Source, sourcesOf } from "./feed/source";
export { findDelivery, findTarget, type Target } from "./feed/target";
export { findStackFolder, PlanError, readStack, stackFolders, type PlanResource } from "./plan/stack";
export type { FunctionError } from "./scf/error";
export type { Invocation } from "./scf/invocation";
export { terraformEnvironment } from "./terraform";
export { WebhookStandIn } from "./webhook/stand-in";
