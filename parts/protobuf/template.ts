import * as protobuf from "protobufjs";
import "protobufjs/ext/descriptor";
import { fail, isBytes, typeName, type Value } from "../../rules/run/values";

const CALL = "protobuf_decoding";

/** The messages that a template describes. */
export class Template {
  readonly #root: protobuf.Namespace;
  readonly #types = new Map<string | undefined, protobuf.Type>();

  constructor(root: protobuf.Namespace) {
    this.#root = root;
  }

  /** A message by its name, or the only one that no other uses or contains. */
  type(name: string | undefined): protobuf.Type {
    const known = this.#types.get(name);
    if (known) return known;
    const type = name === undefined ? this.#outermost() : this.#named(name);
    this.#types.set(name, type);
    return type;
  }

  #named(name: string): protobuf.Type {
    try {
      return this.#root.lookupType(name);
    } catch {
      return fail(`${CALL} must get a message of the template as message, got ${JSON.stringify(name.slice(0, 100))}`);
    }
  }

  #outermost(): protobuf.Type {
    const types = messagesOf(this.#root);
    const used = new Set(types.flatMap(({ fieldsArray }) => fieldsArray.map(({ resolvedType }) => resolvedType)));
    const outermost = types.filter((type) => !used.has(type) && !(type.parent instanceof protobuf.Type));
    if (outermost.length === 1) return outermost[0];
    const names = (outermost.length > 0 ? outermost : types).map(({ name }) => name);
    return fail(`${CALL} must get message="..." for a template with several messages, here ${names.join(", ")}`);
  }
}

/** Reads the text of a `.proto` file, or the bytes of a `FileDescriptorSet` from `protoc --descriptor_set_out`. */
export function readTemplate(value: Value): Template {
  try {
    if (isBytes(value)) return new Template(protobuf.Root.fromDescriptor(value, { keepCase: true }).resolveAll());
    if (typeof value !== "string") return fail(`${CALL} must get a .proto text as template, got ${typeName(value)}`);
    return new Template(protobuf.parse(value, { keepCase: true }).root.resolveAll());
  } catch (error) {
    if ((error as { ruleFailure?: boolean }).ruleFailure) throw error;
    return fail(`${CALL} must get a .proto text or a descriptor set as template: ${(error as Error).message}`);
  }
}

function messagesOf(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Type ? [nested] : []),
    ...(nested instanceof protobuf.Namespace ? messagesOf(nested) : []),
  ]);
}
