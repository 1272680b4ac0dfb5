import { FunctionRole } from "../../../lib/cam/role";
import { LogBucket, type LifecycleRule, type LogBucketProps } from "../../../lib/cos/bucket";
import { TerraformStack } from "../../../lib/framework";
import { TencentcloudProvider } from "../../../lib/tencentcloud";
import { describeProp } from "../support/refused";
import {
  codesOf,
  grantsOf,
  numberToken,
  onlyResource,
  planOf,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const APP = "1250000000";
const bucketWith = (props: LogBucketProps) => new LogBucket(testStack(), "Bucket", { appId: APP, ...props });
const bucketOf = (props: LogBucketProps) =>
  onlyResource(TerraformStack.of(bucketWith(props)), "tencentcloud_cos_bucket");

describe("LogBucket", () => {
  it("is private, keeps what lies in it on destroy, and is emptied after 90 days", () => {
    expect(bucketOf({ tags: { team: "web" } })).toEqual({
      bucket: expect.stringMatching(/^logs-bucket-[0-9a-f]{6}-1250000000$/),
      acl: "private",
      force_clean: false,
      lifecycle_rules: [{ id: "logs-1", filter_prefix: "", expiration: { days: 90 } }],
      tags: { team: "web" },
    });
  });

  it("moves and deletes objects by prefix, as it is told", () => {
    const lifecycle = [
      { prefix: "a${b}/", expirationDays: 1 },
      { infrequentAccessDays: 30, expirationDays: 365 },
    ];
    expect(bucketOf({ lifecycle }).lifecycle_rules).toEqual([
      { id: "logs-1", filter_prefix: "a$${b}/", expiration: { days: 1 } },
      {
        id: "logs-2",
        filter_prefix: "",
        expiration: { days: 365 },
        transition: [{ days: 30, storage_class: "STANDARD_IA" }],
      },
    ]);
    expect(bucketOf({ lifecycle: [] }).lifecycle_rules).toEqual([]);
  });

  it("keeps its default name within what COS takes, however deep it stands", () => {
    const bucket = new LogBucket(testStack(), "x".repeat(100), { appId: APP });
    expect(onlyResource(TerraformStack.of(bucket), "tencentcloud_cos_bucket").bucket).toHaveLength(60);
  });

  it("reads the APPID from the account, once for a stack and provider", () => {
    const stack = testStack();
    const provider = new TencentcloudProvider(stack, "beijing", { region: "ap-beijing", alias: "beijing" });
    new LogBucket(stack, "A", { bucketName: "a" });
    new LogBucket(stack, "B", { bucketName: "b" });
    new LogBucket(stack, "C", { bucketName: "c", provider });
    const plan = planOf(stack);
    expect(plan.data?.tencentcloud_user_info).toEqual({
      TencentLogsAccount: {},
      "TencentLogsAccount-beijing": { provider: "tencentcloud.beijing" },
    });
    expect(Object.values(plan.resource.tencentcloud_cos_bucket).map(({ bucket }) => bucket)).toEqual([
      "a-${data.tencentcloud_user_info.TencentLogsAccount.app_id}",
      "b-${data.tencentcloud_user_info.TencentLogsAccount.app_id}",
      "c-${data.tencentcloud_user_info.TencentLogsAccount-beijing.app_id}",
    ]);
  });

  it("lets a function do what is granted, below exactly one prefix", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: APP });
    const role = new FunctionRole(stack, "Role");
    bucket.grantRead(role, "in/");
    bucket.grantWrite(role, "out/${x}/");
    bucket.grantDelete(role);
    const objects = `qcs::cos:ap-guangzhou:uid/${APP}:<tencentcloud_cos_bucket.bucket>`;
    expect(grantsOf(stack)).toEqual({
      "name/cos:GetObject": [`${objects}/in/*`],
      "name/cos:PutObject": [`${objects}/out/\${x}/*`],
      "name/cos:DeleteObject": [`${objects}/*`],
    });
  });

  describeProp({
    prop: "bucketName",
    code: "LOGS_BUCKET_NAME",
    rule: "must have 1 to 49 lower-case letters, digits and inner -, without the APPID",
    build: (bucketName: string) => bucketWith({ bucketName }),
    passes: ["a", "a-9", "x".repeat(49), textToken()],
    refused: ["", "A", "-a", "a-", "a_b", "a.b", "x".repeat(50)],
  });

  describeProp({
    prop: "appId",
    code: "LOGS_APP_ID",
    rule: "must have ten digits",
    build: (appId: string) => bucketWith({ appId }),
    passes: ["1250000000", textToken()],
    refused: ["", "125000000", "12500000000", "abcdefghij"],
  });

  describeProp({
    prop: "lifecycle[1].expirationDays",
    code: "LOGS_LIFECYCLE",
    rule: "must be a whole number from 1 to 3650 days",
    build: (expirationDays: number) => bucketWith({ lifecycle: [{ expirationDays: 1 }, { expirationDays }] }),
    passes: [1, 3650, numberToken()],
    refused: [0, 3651],
  });

  describeProp({
    prop: "lifecycle[0].infrequentAccessDays",
    code: "LOGS_LIFECYCLE",
    rule: "must be a whole number from 1 to 3650 days",
    build: (infrequentAccessDays: number) => bucketWith({ lifecycle: [{ infrequentAccessDays }] }),
    passes: [1, 3650],
    refused: [0, 3651],
  });

  it("refuses a rule that does nothing: LOGS_LIFECYCLE", () => {
    const lifecycle: LifecycleRule[] = [{ prefix: "a/" }];
    expect(violationsOf(() => bucketWith({ lifecycle }))).toEqual([
      ["LOGS_LIFECYCLE", "lifecycle[0] must say what happens, got no days; set expirationDays or infrequentAccessDays"],
    ]);
  });

  it("reports all that is wrong at once", () => {
    const lifecycle = [{ expirationDays: 0, infrequentAccessDays: 0 }];
    expect(codesOf(() => bucketWith({ bucketName: "A", appId: "1", lifecycle }))).toEqual([
      "LOGS_BUCKET_NAME",
      "LOGS_APP_ID",
      "LOGS_LIFECYCLE",
      "LOGS_LIFECYCLE",
    ]);
  });
});

describe("encryption", () => {
  it("is what COS does with what is stored, with a key of the account's where that is asked for", () => {
    expect(bucketOf({ encryption: "AES256" })).toMatchObject({ encryption_algorithm: "AES256" });
    expect(bucketOf({ encryption: "KMS", kmsKeyId: "key-1" })).toMatchObject({
      encryption_algorithm: "KMS",
      kms_id: "key-1",
    });
    expect(bucketOf({})).not.toHaveProperty("encryption_algorithm");
  });

  it("is refused where COS has no such algorithm, or none that takes a key", () => {
    expect(violationsOf(() => bucketWith({ encryption: "AES128" as "AES256" }))).toEqual([
      ["LOGS_BUCKET_ENCRYPTION", 'encryption must be "AES256" or "KMS" or "SM4", got "AES128"; leave it out for none'],
    ]);
    expect(violationsOf(() => bucketWith({ encryption: "SM4", kmsKeyId: "key-1" }))).toEqual([
      [
        "LOGS_BUCKET_ENCRYPTION",
        'kmsKeyId must be left out unless encryption is "KMS", got it beside "SM4"; add encryption',
      ],
    ]);
  });
});

describe("a bucket that exists already", () => {
  it("is granted by its whole name, whose end is the APPID, in its region", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Bucket", "logs-1250000000", { region: "ap-beijing" });
    bucket.grantRead(new FunctionRole(stack, "Role"), "in/");
    expect(planOf(stack).data).toBeUndefined();
    expect(Object.values(grantsOf(stack))).toEqual([["qcs::cos:ap-beijing:uid/1250000000:logs-1250000000/in/*"]]);
  });

  it("has the account's APPID where its name is a token", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Bucket", textToken());
    bucket.grantRead(new FunctionRole(stack, "Role"));
    expect(Object.values(grantsOf(stack))).toEqual([
      ["qcs::cos:ap-guangzhou:uid/<tencentcloud_user_info.app_id>:<terraform_data.output>/*"],
    ]);
  });

  describeProp({
    prop: "bucketName",
    code: "LOGS_BUCKET_NAME",
    rule: "must be a bucket's whole name, up to 60 lower-case letters, digits and - with the ten-digit APPID at its end",
    build: (name: string) => LogBucket.fromBucketName(testStack(), "Bucket", name),
    passes: ["a-1250000000", `${"x".repeat(49)}-1250000000`, textToken()],
    refused: ["", "logs", "logs-125000000", "Logs-1250000000", `${"x".repeat(50)}-1250000000`],
  });
});
