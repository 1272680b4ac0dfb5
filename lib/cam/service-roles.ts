/**
 * A service's role as the console creates it: its fixed name, the service that assumes it, and the preset policy it
 * needs. Fact: docs/design/facts/runtime.md#roles.
 */
export interface ServiceRole {
  readonly name: string;
  readonly service: string;
  readonly policyName: string;
}

/** The role that CLS uses to ship to COS. */
export const CLS_ROLE: ServiceRole = {
  name: "CLS_QcsRole",
  service: "cls.cloud.tencent.com",
  policyName: "QcloudCOSAccessForCLSRole",
};

/** The role that SCF uses to read code and to set up COS notifications. */
export const SCF_ROLE: ServiceRole = {
  name: "SCF_QcsRole",
  service: "scf.qcloud.com",
  policyName: "QcloudAccessForScfRole",
};
