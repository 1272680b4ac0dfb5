import { expression } from "./signature";

export const CONVERSION = {
  ct_int: expression("value|x, base:base=10"),
  ct_float: expression("value|x"),
  ct_str: expression("value|x"),
  ct_bool: expression("value|x"),
  ct_chr: expression("value|x"),
  ct_ord: expression("value|c"),
  ct_hex: expression("value|x"),
  ct_oct: expression("value|x"),
  ct_bin: expression("value|x"),
  bin2oct: expression("binary|bytes"),
  bin2hex: expression("binary|bytes"),
};
