import type { ServerResponse } from "node:http";
import { LOCAL_DOMAIN } from "../account";
import type { Principal } from "../cam/cam";
import { SignatureError, type SignatureFault } from "../cam/signature";
import { verifyTc3 } from "../cam/tc3";
import { readBody } from "../http/body";
import { headerOf, type Service, type ServiceRequest } from "../http/server";
import { Refusal } from "../refusal";
import { checkRegion } from "../regions";
import type { Services } from "../services";
import { codeOfFault, sendSpoilt, type ClsFault } from "../cls/faults";
import type { Action, Product } from "./action";
import { PRODUCTS } from "./products";

const HOST = new RegExp(
  `^([a-z]+)\\.(?:([a-z0-9-]+)\\.)?(?:tencentcloudapi\\.com|${LOCAL_DOMAIN.replace(".", "\\.")})$`,
);
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Tencent's API 3.0: JSON over POST, signature v3. Every answer has HTTP status 200, including errors. Unknown actions
 * and fields are errors that name them. Fact: docs/design/facts/provider.md#protocol.
 */
export class ApiServer implements Service {
  constructor(private readonly services: Services) {}

  accepts(host: string): boolean {
    return HOST.test(host);
  }

  async handle(request: ServiceRequest, response: ServerResponse): Promise<void> {
    const spoilt: { fault: ClsFault } = { fault: {} };
    let answer: object;
    try {
      answer = await this.perform(request, spoilt);
    } catch (error) {
      const { code, message } = asRefusal(error);
      answer = { Error: { Code: code, Message: message } };
    }
    const { status = 200, body = JSON.stringify({ Response: { ...answer, RequestId: request.requestId } }) } =
      spoilt.fault;
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Date", new Date(this.services.clock.now()).toUTCString());
    await sendSpoilt(response, status, Buffer.from(body), spoilt.fault);
  }

  /** @param spoilt receives the fault of the answer */
  private async perform(request: ServiceRequest, spoilt: { fault: ClsFault }): Promise<object> {
    const product = findProduct(request.host);
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined) {
      throw new Refusal("RequestSizeLimitExceeded", `The request must have at most ${MAX_BODY_BYTES} bytes.`);
    }
    const principal = this.authenticate(request, product, body);
    const name = headerOf(request, "x-tc-action") ?? "";
    const found = Object.hasOwn(product.actions, name) ? product.actions[name] : undefined;
    if (!found) throw new Refusal("InvalidAction", `The local cloud has no action ${product.name}:${name}.`);
    const region = regionOf(request);
    if (product.isRegional) checkRegion(region);
    const parameters = parse(body);
    this.authorize(principal, { product: product.name, name, region }, found.resourceOf(parameters));
    if (product.name === "cls") {
      this.refuseUnlessOpen(name);
      spoilt.fault = this.spoil(name, parameters);
    }
    this.refuseTooOften(found, name);
    return found.run(parameters, { region, services: this.services, principal });
  }

  /** Fact: docs/design/facts/runtime.md#whether-cls-is-on. */
  private refuseUnlessOpen(action: string): void {
    if (this.services.cls.isOpen || action === "GetClsService") return;
    throw new Refusal("OperationDenied.AccountNotExists", "account is abnormal (CLS service is unregistered)");
  }

  /** The fault of a CLS request that is still answered; throws the error if a test wants one instead. */
  private spoil(action: string, parameters: unknown): ClsFault {
    const { TopicId: topicId } = (parameters ?? {}) as { TopicId?: string };
    const fault = this.services.cls.faults.next({ action, ...(topicId !== undefined && { topicId }) });
    if (fault.status !== 200) return fault;
    throw new Refusal(codeOfFault(fault), "A test wanted this request to fail.");
  }

  private refuseTooOften({ perSecond = Infinity }: Action, name: string): void {
    if (this.services.cls.rates.take(name, perSecond)) return;
    const message = `The frequency of ${name} must be at most ${perSecond} requests a second.`;
    throw new Refusal("RequestLimitExceeded", message);
  }

  private authenticate(request: ServiceRequest, product: Product, body: Uint8Array): Principal {
    const { cam } = this.services;
    if (request.method !== "POST")
      throw new Refusal("UnsupportedProtocol", "The local cloud takes POST requests only.");
    const secretId = verifyTc3({ ...request, body }, product.name, (id) => cam.keyToVerify(id), cam.signatureTimes());
    const version = headerOf(request, "x-tc-version");
    if (version !== product.version) {
      throw new Refusal("NoSuchVersion", `The version of ${product.name} must be ${product.version}, got ${version}.`);
    }
    return cam.credential(secretId)?.principal as Principal;
  }

  /**
   * The owner is allowed everything; a role needs a permission for the action on its resource, if policies can name
   * one.
   */
  private authorize(
    principal: Principal,
    action: { readonly product: string; readonly name: string; readonly region: string },
    resource: string | undefined,
  ): void {
    const { account, cam } = this.services;
    const named = `${action.product}:${action.name}`;
    const [region, what] = resource === undefined ? ["", "*"] : [action.region, resource];
    const wanted = `qcs::${action.product}:${region}:uin/${account.uin}:${what}`;
    if (cam.isAllowed(principal, named, wanted)) return;
    throw new Refusal("AuthFailure.UnauthorizedOperation", `The role must be allowed ${named} on ${wanted}.`);
  }
}

function findProduct(host: string): Product {
  const name = HOST.exec(host)?.[1] ?? "";
  const product = PRODUCTS.find((candidate) => candidate.name === name);
  if (product) return product;
  throw new Refusal("InvalidAction", `The local cloud has no product ${name}.`);
}

/** The region of a request, otherwise that in its host: `cls.ap-guangzhou.tencentcloudapi.com`. */
function regionOf(request: ServiceRequest): string {
  return headerOf(request, "x-tc-region") || (HOST.exec(request.host)?.[2] ?? "");
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || "{}");
  } catch {
    throw new Refusal("InvalidParameter", "The request must be JSON.");
  }
}

const SIGNATURE_CODES: Record<SignatureFault, string> = {
  missing: "AuthFailure.SignatureFailure",
  malformed: "AuthFailure.SignatureFailure",
  "unknown key": "AuthFailure.SecretIdNotFound",
  expired: "AuthFailure.SignatureExpire",
  "not yet valid": "AuthFailure.SignatureExpire",
  "wrong token": "AuthFailure.TokenFailure",
  "expired token": "AuthFailure.TokenFailure",
  mismatch: "AuthFailure.SignatureFailure",
};

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof SignatureError) return new Refusal(SIGNATURE_CODES[error.fault], error.message);
  throw error;
}
