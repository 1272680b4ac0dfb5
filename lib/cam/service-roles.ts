/**
 * A service's role as the console would make it: its fixed name, who assumes it, and the preset policy it needs.
 * Fact: docs/design/facts/runtime.md#roles.
 */
export interface ServiceRole {
  readonly name: string;
  readonly service: string;
  readonly policyName: string;
}

/** As which CLS ships to COS. */
export const CLS_ROLE: ServiceRole = {
  name: "CLS_QcsRole",
  service: "cls.cloud.tencent.com",
  policyName: "QcloudCOSAccessForCLSRole",
};

/** As which SCF reads code and sets up COS notifications. */
export const SCF_ROLE: ServiceRole = {
  name: "SCF_QcsRole",
  service: "scf.qcloud.com",
  policyName: "QcloudAccessForScfRole",
};
