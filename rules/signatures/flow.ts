import { operation } from "./signature";

export const FLOW_CONTROL = {
  e_if: operation("*(cond:cond, op:op)"),
  e_if_else: operation("cond:cond, op_true:op, op_false:op=KEEP"),
  e_switch: operation("*(cond:cond, op:op), default:op=None"),
  e_compose: operation("*operations:op"),
};
