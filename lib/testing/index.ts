/** What users need to test stacks that hold log pipelines. */
export { planSerializer, type SnapshotSerializer } from "./plan-serializer";
