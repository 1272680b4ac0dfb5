import { strToU8, zipSync } from "fflate";
import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";

const ZipFile = Buffer.from(zipSync({ "index.js": strToU8("exports.main_handler = async () => 1;") })).toString(
  "base64",
);
const FUNCTION = { Code: { ZipFile }, Handler: "index.main_handler", Runtime: "Nodejs18.15" };

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await start();
  for (const FunctionName of ["orders", "order-mails", "payments"]) {
    await call(cloud, "scf:CreateFunction", { ...FUNCTION, FunctionName });
  }
  await call(cloud, "scf:CreateFunction", { ...FUNCTION, FunctionName: "orders", Namespace: "staging" });
});
afterEach(closeClouds);

const names = async (parameters: object, options = {}): Promise<unknown> => {
  const { Functions, TotalCount } = await call(cloud, "scf:ListFunctions", parameters, options);
  return [TotalCount, ...(Functions as { FunctionName: string }[]).map(({ FunctionName }) => FunctionName)];
};

test("functions are listed by namespace, by a part of the name, by page and by region", async () => {
  expect(await names({})).toEqual([3, "orders", "order-mails", "payments"]);
  expect(await names({ SearchKey: "order" })).toEqual([2, "orders", "order-mails"]);
  expect(await names({ Limit: 1, Offset: 2 })).toEqual([3, "payments"]);
  expect(await names({ Namespace: "staging" })).toEqual([1, "orders"]);
  expect(await names({}, { region: "ap-shanghai" })).toEqual([0]);
  expect(await codeOf(call(cloud, "scf:ListFunctions", { Namespace: "gone" }))).toBe("ResourceNotFound.Namespace");
});

test("namespaces are those of functions, and the default", async () => {
  const { Namespaces } = await call(cloud, "scf:ListNamespaces");
  expect((Namespaces as { Name: string }[]).map(({ Name }) => Name)).toEqual(["default", "staging"]);
});

test("a function, a namespace and a version that are not there are told apart", async () => {
  const get = (parameters: object) => codeOf(call(cloud, "scf:GetFunction", { FunctionName: "orders", ...parameters }));
  expect(await get({})).toBe("");
  expect(await get({ Qualifier: "$LATEST" })).toBe("");
  expect(await get({ FunctionName: "gone" })).toBe("ResourceNotFound.Function");
  expect(await get({ Namespace: "gone" })).toBe("ResourceNotFound.Namespace");
  expect(await get({ Qualifier: "7" })).toBe("ResourceNotFound.Version");
  const { FunctionVersion } = await call(cloud, "scf:ListVersionByFunction", { FunctionName: "orders" });
  expect(FunctionVersion).toEqual(["$LATEST"]);
});

test("a role may be allowed to see one function only", async () => {
  const statement = { effect: "allow", action: ["name/sts:AssumeRole"], principal: { service: ["scf.qcloud.com"] } };
  const role = cloud.cam.createRole("operator", JSON.stringify({ version: "2.0", statement: [statement] }));
  const resource = [`qcs::scf:ap-guangzhou:uin/${cloud.account.uin}:namespace/default/function/orders`];
  const allow = { effect: "allow", action: ["scf:GetFunction"], resource };
  cloud.cam.attachPolicy(
    role.id,
    cloud.cam.createPolicy("see", JSON.stringify({ version: "2.0", statement: [allow] })),
  );
  const get = (FunctionName: string) =>
    codeOf(call(cloud, "scf:GetFunction", { FunctionName }, { key: cloud.cam.assumeRole(role) }));
  expect(await get("orders")).toBe("");
  expect(await get("payments")).toBe("AuthFailure.UnauthorizedOperation");
});
