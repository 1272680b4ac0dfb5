import { join } from "node:path";
import { type App, TerraformOutput, TerraformStack } from "cdktf";
import {
  FUNCTION_LOG_INDEX,
  FunctionCode,
  FunctionRole,
  FunctionUrl,
  LiveLog,
  LogFunction,
  LogTopic,
} from "cdktf-tencent-logs";
import { camRole, dataTencentcloudUserInfo, TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** Two functions of a shop with live logs, and a role that can tail them. */
export function shop(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  // One per region: where reporters write to, and which functions are watched.
  const liveLog = new LiveLog(stack, "Live", { appId: "1250000000" });
  const logTopic = new LogTopic(stack, "FunctionLog", {
    topicName: "function-log",
    retentionDays: 7,
    index: FUNCTION_LOG_INDEX,
  });

  const orders = new LogFunction(stack, "Orders", {
    functionName: "orders",
    code: FunctionCode.fromEntry(join(__dirname, "orders")),
    memorySizeMb: 128,
    timeoutSeconds: 3,
    logTopic,
    liveLog,
  });
  const { url } = new FunctionUrl({ auth: "none" }).bind(orders);
  new TerraformOutput(stack, "ordersUrl", { value: url });

  new LogFunction(stack, "Payments", {
    functionName: "payments",
    runtime: "Python3.10",
    code: FunctionCode.fromDirectory(join(__dirname, "payments")),
    memorySizeMb: 128,
    timeoutSeconds: 3,
    logTopic,
    liveLog,
  });

  // A role that users of this account can assume to tail them.
  const account = new dataTencentcloudUserInfo.DataTencentcloudUserInfo(stack, "Account");
  const operators = new camRole.CamRole(stack, "Operators", {
    name: "live-log-operators",
    document: JSON.stringify({
      version: "2.0",
      statement: [
        {
          action: ["name/sts:AssumeRole"],
          effect: "allow",
          principal: { qcs: [`qcs::cam::uin/${account.ownerUin}:root`] },
        },
      ],
    }),
  });
  liveLog.grantTail(FunctionRole.fromRoleName(stack, "Tail", operators.name));
  return stack;
}
