import { choice, readFormat } from "../rules/functions/encoding/bytes";
import type { Implementations } from "../rules/run/implementation";
import { fail, isBytes, typeName, type Value } from "../rules/run/values";
import { decodeMessage } from "./protobuf/decode";
import { readTemplate } from "./protobuf/template";

const FORMATS = ["base64", "hex", "raw"] as const;

export const implementations: Implementations = {
  protobuf_decoding: {
    thunk: (call) => {
      const data = call.argument("data").evaluate;
      const template = call.derive(call.argument("template"), readTemplate);
      const message = call.derive(call.argument("message"), messageName);
      const format = call.derive(call.argument("input_format"), formatOf);
      return (event, run) => {
        const type = template(event, run).type(message(event, run));
        const value = data(event, run);
        return decodeMessage(type, isBytes(value) ? value : readFormat(call.name, value, format(event, run)));
      };
    },
  },
};

function messageName(value: Value): string | undefined {
  if (value === null) return undefined;
  return typeof value === "string"
    ? value
    : fail(`protobuf_decoding must get the name of a message, got ${typeName(value)}`);
}

function formatOf(value: Value): string {
  return choice("protobuf_decoding", "input_format", value, FORMATS);
}
