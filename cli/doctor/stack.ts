import { objectIn } from "../../functions/runtime/checked-json";
import { ServiceError } from "../../functions/tencent/service-error";
import { isAssumedBy, roleOf } from "./account";
import { type Answer, type Cloud, listIn } from "./cloud";
import { Check, type Finding, type Section } from "./finding";
import type { PlannedResource, StackPlan } from "./plan";
import { lookAtShipper } from "./shipper";

/** Remedy for anything that differs from the plan. */
const DEPLOY = "synthesize and deploy the stack: npx cdktf deploy";

/** Checks a stack's topics, shippers, functions, triggers and deliveries. @param cloud its region is the default */
export async function lookAtStack(plan: StackPlan, cloud: Cloud): Promise<Section> {
  const deployed = new DeployedStack(plan, cloud);
  const findings = await Promise.all([
    ...plan.all("tencentcloud_cls_topic").map((topic) => deployed.lookAtTopic(topic)),
    ...plan.all("tencentcloud_cls_cos_shipper").map((shipper) => deployed.lookAtShipper(shipper)),
    ...plan.all("tencentcloud_scf_function").map((each) => deployed.lookAtFunction(each)),
    ...plan.all("tencentcloud_scf_trigger").map((trigger) => deployed.lookAtTrigger(trigger)),
    ...plan.all("terraform_data").map((data) => deployed.lookAtDelivery(data)),
    ...plan.all("tencentcloud_cls_data_transform").map((transform) => deployed.lookAtTransform(transform)),
  ]);
  return { title: `stack ${plan.name}`, findings: findings.flat() };
}

/** A function in the cloud: its region, namespace and name. */
interface Place {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
}

/** The deployed resources of a plan: found by name, and requested once. */
class DeployedStack {
  readonly #topics = new Map<string, Promise<Answer | undefined>>();
  readonly #triggers = new Map<string, Promise<Answer[]>>();

  constructor(
    private readonly plan: StackPlan,
    private readonly cloud: Cloud,
  ) {}

  async lookAtTopic(topic: PlannedResource): Promise<readonly Finding[]> {
    const check = new Check("topic");
    const name = this.plan.text(topic.arguments.topic_name);
    const what = `topic ${name ?? "?"} of ${topic.path}`;
    return check.look(what, async () => {
      if (name === undefined) return notInPlan(check, what, "its name");
      const found = await this.#topic(topic);
      if (found === undefined) return check.wrong(what, `does not exist in ${this.#regionOf(topic)}`, DEPLOY);
      const { Period: days, Status: takes, Index: index } = found;
      const { period } = topic.arguments;
      if (takes === false) return check.wrong(what, "accepts no logs: collection is off", TAKES_NOTHING);
      if (typeof period === "number" && days !== period) {
        return check.wrong(what, `retains logs for ${String(days)} days, the plan says ${period}`, DEPLOY);
      }
      const isIndexed = this.plan.all("tencentcloud_cls_index").some(({ arguments: { topic_id: of } }) => {
        return this.plan.referred(of)?.id === topic.id;
      });
      if (isIndexed && index === false) return check.wrong(what, "has no index, the plan has one", DEPLOY);
      return check.ok(what, `retains logs for ${String(days)} days`);
    });
  }

  async lookAtShipper(shipper: PlannedResource): Promise<readonly Finding[]> {
    const check = new Check("shipper");
    const name = this.plan.text(shipper.arguments.shipper_name);
    const what = `shipper ${name ?? "?"} of ${shipper.path}`;
    return check.look(what, async () => {
      const topicId = await this.#topicId(shipper.arguments.topic_id);
      if (name === undefined || topicId === undefined) return notInPlan(check, what, "its name, or its topic");
      const region = this.#regionOf(shipper);
      const asked = { Filters: [{ Key: "topicId", Values: [topicId] }] };
      const shippers = await this.cloud.all("cls:DescribeShippers", "Shippers", { parameters: asked, region });
      const found = shippers.find(({ ShipperName }) => ShipperName === name);
      if (found === undefined) return check.wrong(what, `does not exist in ${region}`, DEPLOY);
      return lookAtShipper(check, what, found, { cloud: this.cloud, region });
    });
  }

  async lookAtFunction(planned: PlannedResource): Promise<readonly Finding[]> {
    const check = new Check("function");
    const place = this.#placeOf(planned);
    const what = `function ${place?.name ?? "?"} of ${planned.path}`;
    return check.look(what, async () => {
      if (place === undefined) return notInPlan(check, what, "its name");
      const found = await this.#function(place);
      if (found === undefined) return check.wrong(what, `does not exist in ${place.region}`, DEPLOY);
      return [stateOf(check, what, found), ...(await this.#runRole(found))];
    });
  }

  async lookAtTrigger(trigger: PlannedResource): Promise<readonly Finding[]> {
    const check = new Check("trigger");
    const { type, enable = "OPEN" } = trigger.arguments;
    const name = this.plan.text(trigger.arguments.trigger_name);
    const what = `trigger ${name ?? String(type)} of ${trigger.path}`;
    return check.look(what, async () => {
      const place = this.#placeOf(this.plan.referred(trigger.arguments.function_name));
      if (place === undefined || (name === undefined && type !== "http")) {
        return notInPlan(check, what, "its name, or its function");
      }
      const all = await this.#triggersOf(place);
      // A bucket's triggers on one function have the same name; their descriptions distinguish them.
      const named = all.filter((each) => each.Type === type && (type === "http" || each.TriggerName === name));
      const found =
        named.length > 1
          ? named.find((each) => isSameFilter(each, this.plan.text(trigger.arguments.trigger_desc)))
          : named[0];
      if (found === undefined) return check.wrong(what, `does not exist on ${place.name}`, DEPLOY);
      if (enable === "OPEN" && found.Enable === 0)
        return check.wrong(what, "is disabled", `${DEPLOY}, or enable it in the console`);
      const { AvailableStatus: status } = found;
      if (typeof status === "string" && status !== "" && status !== "Available") {
        return check.wrong(what, `is ${status}`, "see the function's triggers in the console for why");
      }
      return check.ok(what, found.Enable === 0 ? "exists, disabled as the plan says" : "exists and is enabled");
    });
  }

  /**
   * A delivery is created by a command of the plan. Fact:
   * docs/design/facts/runtime.md#state-of-shippers-and-deliveries.
   */
  async lookAtDelivery(data: PlannedResource): Promise<readonly Finding[]> {
    const check = new Check("delivery");
    const { functionName, topicId: topic } = (data.arguments.input ?? {}) as Record<string, unknown>;
    if (functionName === undefined || topic === undefined) return [];
    const planned = this.plan.referred(topic);
    const topicName = planned ? this.plan.text(planned.arguments.topic_name) : String(topic);
    const what = `delivery of topic ${topicName ?? "?"} to ${this.plan.text(functionName) ?? "?"}`;
    return check.look(what, async () => {
      const place = this.#placeOf(this.plan.referred(functionName));
      const topicId = await this.#topicId(topic);
      if (place === undefined || topicId === undefined) return notInPlan(check, what, "its function, or its topic");
      const found = (await this.#triggersOf(place)).find((each) => isDeliveryOf(topicId, each));
      if (found === undefined) return check.wrong(what, "does not exist: CLS delivers nothing", DEPLOY);
      const { effective } = objectIn(String(found.TriggerDesc)) ?? {};
      if (found.Enable !== 0 && effective !== false) return check.ok(what, "exists and is enabled");
      const seen = "CLS has paused it: nothing is delivered, and new logs stay in the topic";
      const again = `terraform -chdir=${this.plan.folder} apply -replace=terraform_data.${data.id}`;
      const remedy = `fix the cause (see the function's findings above and its log), then create it again: ${again}; tencent-logs consume --from reads what was missed`;
      return check.wrong(what, seen, remedy);
    });
  }

  async lookAtTransform(transform: PlannedResource): Promise<readonly Finding[]> {
    const check = new Check("transform");
    const name = this.plan.text(transform.arguments.name);
    const what = `data transform ${name ?? "?"} of ${transform.path}`;
    return check.look(what, async () => {
      if (name === undefined) return notInPlan(check, what, "its name");
      const region = this.#regionOf(transform);
      const parameters = { Filters: [{ Key: "taskName", Values: [name] }] };
      const list = "DataTransformTaskInfos";
      const tasks = await this.cloud.all("cls:DescribeDataTransformInfo", list, { parameters, region });
      const found = tasks.find(({ Name }) => Name === name);
      if (found === undefined) return check.wrong(what, `does not exist in ${region}`, DEPLOY);
      const isWanted = transform.arguments.enable_flag !== 2;
      const isOn = found.EnableFlag !== 2 && found.Status !== 3 && found.Status !== 4;
      if (isWanted && !isOn) return check.wrong(what, "is stopped: nothing is processed", DEPLOY);
      return check.ok(what, isOn ? "is enabled" : "is disabled, as the plan says");
    });
  }

  #regionOf({ region }: PlannedResource): string {
    return region ?? this.cloud.region;
  }

  #placeOf(planned: PlannedResource | undefined): Place | undefined {
    const name = this.plan.text(planned?.arguments.name);
    if (planned === undefined || name === undefined) return undefined;
    const namespace = this.plan.text(planned.arguments.namespace) ?? "default";
    return { region: this.#regionOf(planned), namespace, name };
  }

  /** Throws CLS's refusals. */
  #topic(topic: PlannedResource): Promise<Answer | undefined> {
    const known = this.#topics.get(topic.id) ?? this.#findTopic(topic);
    this.#topics.set(topic.id, known);
    return known;
  }

  async #findTopic(topic: PlannedResource): Promise<Answer | undefined> {
    const name = this.plan.text(topic.arguments.topic_name);
    const region = this.#regionOf(topic);
    const parameters = { Filters: [{ Key: "topicName", Values: [name] }], PreciseSearch: 1 };
    const topics = await this.cloud.all("cls:DescribeTopics", "Topics", { parameters, region });
    const named = topics.filter(({ TopicName }) => TopicName === name);
    // Each logset can have a topic of that name.
    const logset = this.plan.text(this.plan.referred(topic.arguments.logset_id)?.arguments.logset_name);
    if (logset === undefined) return named[0];
    const asked = { Filters: [{ Key: "logsetName", Values: [logset] }] };
    const logsets = await this.cloud.all("cls:DescribeLogsets", "Logsets", { parameters: asked, region });
    const id = logsets.find(({ LogsetName }) => LogsetName === logset)?.LogsetId;
    return named.find(({ LogsetId }) => LogsetId === id);
  }

  /**
   * The id of a topic that the plan refers to or names; undefined if it is not deployed, or only Terraform knows it.
   */
  async #topicId(value: unknown): Promise<string | undefined> {
    const topic = this.plan.referred(value);
    if (topic === undefined) return typeof value === "string" && !value.includes("${") ? value : undefined;
    const id = (await this.#topic(topic))?.TopicId;
    return typeof id === "string" ? id : undefined;
  }

  async #function({ region, namespace, name }: Place): Promise<Answer | undefined> {
    try {
      return await this.cloud.ask("scf:GetFunction", { FunctionName: name, Namespace: namespace }, region);
    } catch (error) {
      if (error instanceof ServiceError && /^ResourceNotFound/.test(error.code)) return undefined;
      throw error;
    }
  }

  /** Empty for a function that does not exist. */
  #triggersOf(place: Place): Promise<Answer[]> {
    const key = `${place.region}/${place.namespace}/${place.name}`;
    const known = this.#triggers.get(key) ?? this.#listTriggers(place);
    this.#triggers.set(key, known);
    return known;
  }

  async #listTriggers({ region, namespace, name }: Place): Promise<Answer[]> {
    const parameters = { FunctionName: name, Namespace: namespace };
    try {
      return await this.cloud.all("scf:ListTriggers", "Triggers", { parameters, region });
    } catch (error) {
      if (error instanceof ServiceError && /^ResourceNotFound/.test(error.code)) return [];
      throw error;
    }
  }

  async #runRole({ Role: name }: Answer): Promise<readonly Finding[]> {
    const check = new Check("function-role");
    if (typeof name !== "string" || name === "") return [];
    const what = `role ${name}`;
    return check.look(what, async () => {
      const role = await roleOf(this.cloud, name);
      if (role === undefined) return check.wrong(what, "does not exist: the function has no keys", DEPLOY);
      if (isAssumedBy(role, "scf.qcloud.com")) return check.ok(what, "exists, and SCF can assume it");
      return check.wrong(what, "cannot be assumed by scf.qcloud.com: the function has no keys", DEPLOY);
    });
  }
}

const TAKES_NOTHING = "turn collection on: cls:ModifyTopic with Status true";

/** Whether a trigger is a topic's delivery: by its name or, if SCF uses another name, by its description. */
export function isDeliveryOf(topicId: string, { Type: type, TriggerName: name, TriggerDesc: text }: Answer): boolean {
  return type === "cls" && (name === topicId || String(text).includes(`"${topicId}"`));
}

function notInPlan(check: Check, what: string, which: string): Finding {
  const seen = `only Terraform knows ${which}, or the stack is not deployed`;
  return check.unknown(what, seen, "deploy the stack; check the resources of other stacks by their stacks' names");
}

function stateOf(
  check: Check,
  what: string,
  { Status: status, StatusDesc: text, StatusReasons: list }: Answer,
): Finding {
  const reasons = listIn({ list }, "list").map(
    ({ ErrorCode, ErrorMessage }) => `${String(ErrorCode)}: ${String(ErrorMessage)}`,
  );
  const why = reasons.length > 0 ? reasons.join("; ") : typeof text === "string" ? text : "";
  const seen = why === "" ? `is ${String(status)}` : `is ${String(status)}, ${why}`;
  if (status === "Active") return check.ok(what, seen);
  if (/Failed/.test(String(status))) return check.wrong(what, seen, `fix the cause, then ${DEPLOY}`);
  return check.unknown(what, seen, "run doctor again when it is Active");
}

/** The API can format the JSON of a description differently. */
function isSameFilter({ TriggerDesc: found }: Answer, planned: string | undefined): boolean {
  const [one, other] = [found, planned].map((text) => objectIn(String(text)));
  return JSON.stringify([one?.event, one?.filter]) === JSON.stringify([other?.event, other?.filter]);
}
