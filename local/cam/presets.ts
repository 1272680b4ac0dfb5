function policy(effectOn: { action: string[]; resource?: string[] }): string {
  const statement = [{ effect: "allow", action: effectOn.action, resource: effectOn.resource ?? ["*"] }];
  return JSON.stringify({ version: "2.0", statement });
}

function trust(service: string): string {
  const statement = [{ action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: [service] } }];
  return JSON.stringify({ version: "2.0", statement });
}

/** Preset policies of every account that log pipelines use. Fact: docs/design/facts/runtime.md#roles. */
export const PRESET_POLICIES: Readonly<Record<string, string>> = {
  QcloudCOSDataReadOnly: policy({ action: ["name/cos:GetObject", "name/cos:HeadObject", "name/cos:OptionsObject"] }),
  QcloudCOSDataWriteOnly: policy({
    action: ["name/cos:PutObject", "name/cos:PostObject", "name/cos:InitiateMultipartUpload"],
  }),
  QcloudCOSDataFullControl: policy({
    action: ["name/cos:GetObject*", "name/cos:HeadObject", "name/cos:PutObject*", "name/cos:DeleteObject"],
  }),
  QcloudCOSFullAccess: policy({ action: ["name/cos:*"] }),
  QcloudCLSFullAccess: policy({ action: ["name/cls:*"] }),
  QcloudSCFFullAccess: policy({ action: ["name/scf:*"] }),
  QcloudCOSAccessForCLSRole: policy({ action: ["name/cos:PutObject", "name/cos:*Multipart*", "name/cos:GetService"] }),
  QcloudCKAFKAAccessForCLSRole: policy({ action: ["name/ckafka:*"] }),
  QcloudAccessForScfRole: policy({ action: ["name/cos:*", "name/cls:*", "name/ckafka:*"] }),
};

/** Role that CLS assumes to ship to COS. */
export const CLS_ACCOUNT_ROLE = "CLS_QcsRole";

/** Service that assumes {@link CLS_ACCOUNT_ROLE}. */
export const CLS_SERVICE = "cls.cloud.tencent.com";

/** Service that assumes a function's role. */
export const SCF_SERVICE = "scf.qcloud.com";

/**
 * The roles that are created when CLS and SCF are first activated in the console. Fact:
 * docs/design/facts/runtime.md#roles.
 */
export const ACCOUNT_ROLES = [
  { name: CLS_ACCOUNT_ROLE, trust: trust(CLS_SERVICE), policies: ["QcloudCOSAccessForCLSRole"] },
  { name: "SCF_QcsRole", trust: trust(SCF_SERVICE), policies: ["QcloudAccessForScfRole"] },
] as const;
