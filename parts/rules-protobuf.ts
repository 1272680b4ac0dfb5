import { choice, readFormat } from "../rules/functions/encoding/bytes";
import type { Argument, Call, Derived, Implementations } from "../rules/run/implementation";
import { fail, isBytes, typeName, type Value } from "../rules/run/values";
import { decodeMessage } from "./protobuf/decode";
import { readTemplate } from "./protobuf/template";

const FORMATS = ["base64", "hex", "raw"] as const;

export const implementations: Implementations = {
  /**
   * `protobuf_decoding(data, template, message=None, input_format="base64")`: a message as a dict of the fields that are
   * set, by their names in the template: ints of 64 bits as ints, enums by name, bytes as base64. The template is the text
   * of a `.proto` file without imports, or the bytes of a descriptor set; `message` names one of its messages, where more
   * than one is in no other. The data is text in the format, or bytes.
   */
  protobuf_decoding: {
    thunk: (call) => {
      const data = call.argument("data")!.evaluate;
      const template = call.derive(call.argument("template")!, readTemplate);
      const message = derivedOr(call, "message", messageName, undefined);
      const format = derivedOr(call, "input_format", formatOf, "base64");
      return (event, run) => {
        const type = template(event, run).type(message(event, run));
        const value = data(event, run);
        return decodeMessage(type, isBytes(value) ? value : readFormat(call.name, value, format(event, run)));
      };
    },
  },
};

function derivedOr<T>(call: Call, parameter: string, make: (value: Value) => T, absent: T): Derived<T> {
  const argument: Argument | undefined = call.argument(parameter);
  return argument ? call.derive(argument, make) : () => absent;
}

function messageName(value: Value): string | undefined {
  if (value === null) return undefined;
  return typeof value === "string"
    ? value
    : fail(`protobuf_decoding must get the name of a message, got ${typeName(value)}`);
}

function formatOf(value: Value): string {
  return choice("protobuf_decoding", "input_format", value, FORMATS);
}
