/** Canned ACLs. */
export const ACLS = ["private", "public-read", "public-read-write"] as const;

/** One of {@link ACLS}. */
export type Acl = (typeof ACLS)[number];

/** A part of a bucket's configuration, as in COS: `?lifecycle`, `?tagging`, ... */
export interface SettingKind {
  /** Root element of the document; if absent, it cannot be set here. */
  readonly root?: string;
  /** The answer if nothing is set: an error code, or an empty document. */
  readonly unset: { readonly code: string } | { readonly document: string };
}

/** The parts that the provider requests. Fact: docs/design/facts/provider.md#bucket-requests. */
export const SETTING_KINDS: Readonly<Record<string, SettingKind>> = {
  tagging: { root: "Tagging", unset: { code: "NoSuchTagSet" } },
  lifecycle: { root: "LifecycleConfiguration", unset: { code: "NoSuchLifecycleConfiguration" } },
  cors: { root: "CORSConfiguration", unset: { code: "NoSuchCORSConfiguration" } },
  website: { unset: { code: "NoSuchWebsiteConfiguration" } },
  encryption: { root: "ServerSideEncryptionConfiguration", unset: { code: "NoSuchEncryptionConfiguration" } },
  versioning: { unset: { document: "<VersioningConfiguration/>" } },
  accelerate: { unset: { document: "<AccelerateConfiguration/>" } },
  logging: { unset: { document: "<BucketLoggingStatus/>" } },
  origin: { unset: { code: "NoSuchOriginConfiguration" } },
  domain: { unset: { code: "NoSuchDomainConfiguration" } },
  replication: { unset: { code: "NoSuchReplicationConfiguration" } },
  intelligenttiering: { unset: { code: "NoSuchIntelligentTieringConfiguration" } },
  "intelligent-tiering": { unset: { document: "<ListBucketIntelligentTieringConfigurationsOutput/>" } },
  "object-lock": { unset: { code: "NoSuchObjectLockConfiguration" } },
};

/** The answer to `GET ?acl` of a bucket: full control for the owner, and the canned ACL for everybody. */
export function aclDocument(acl: Acl, owner: string): string {
  const grant = (grantee: string, permission: string): string =>
    `<Grant>${grantee}<Permission>${permission}</Permission></Grant>`;
  const schema = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const person = `<ID>${owner}</ID><DisplayName>${owner}</DisplayName>`;
  const ownerGrantee = `<Grantee ${schema} xsi:type="CanonicalUser">${person}</Grantee>`;
  const everybody = `<Grantee ${schema} xsi:type="Group"><URI>http://cam.qcloud.com/groups/global/AllUsers</URI></Grantee>`;
  const grants = [
    grant(ownerGrantee, "FULL_CONTROL"),
    ...(acl === "private" ? [] : [grant(everybody, "READ")]),
    ...(acl === "public-read-write" ? [grant(everybody, "WRITE")] : []),
  ];
  return (
    `<AccessControlPolicy><Owner>${person}</Owner>` +
    `<AccessControlList>${grants.join("")}</AccessControlList></AccessControlPolicy>`
  );
}
