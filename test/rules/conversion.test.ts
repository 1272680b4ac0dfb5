import { failureOf, valueOf } from "./support";

describe("the conversions", () => {
  it.each([
    [`ct_int("42")`, "42"],
    [`ct_int(" -1_000\\n")`, "-1000"],
    [`ct_int("１２")`, "12"],
    [`ct_int(3.99)`, "3"],
    [`ct_int(op_neg(3.99))`, "-3"],
    [`ct_int(True)`, "1"],
    [`ct_int("123456789012345678901234567890")`, "123456789012345678901234567890"],
    [`ct_int("0x1F", base=16)`, "31"],
    [`ct_int("z", base=36)`, "35"],
    [`ct_int("0b101", base=0)`, "5"],
    [`ct_int("777", 8)`, "511"],
    [`ct_float("1e3")`, "1000.0"],
    [`ct_float(" 1_0.5 ")`, "10.5"],
    [`ct_float("-0")`, "-0.0"],
    [`ct_float("Infinity")`, "inf"],
    [`ct_float(7)`, "7.0"],
    [`ct_str(1.0)`, "1.0"],
    [`ct_str(b"\\xe4\\xbd\\xa0")`, "你"],
    [`ct_str([1, "a"])`, `[1, "a"]`],
    [`op_add(ct_str(None), "")`, "None"],
    [`ct_bool("False")`, "true"],
    [`ct_bool([])`, "false"],
    [`ct_bool(0.0)`, "false"],
    [`ct_chr("8364")`, "€"],
    [`ct_chr(128512)`, "😀"],
    [`ct_ord("😀")`, "128512"],
    [`ct_ord(b"a")`, "97"],
    [`ct_hex("255")`, "0xff"],
    [`ct_hex(op_neg(255))`, "-0xff"],
    [`ct_oct(8)`, "0o10"],
    [`ct_bin(5)`, "0b101"],
    [`bin2hex(b"\\x00\\x7f\\xff")`, "007fff"],
    [`bin2oct(b"\\x00\\x7f\\xff")`, "007fff"],
  ])("%s gives %s", (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  it.each([
    [`ct_int("1.5")`, `ct_int must get an int or the text of one, got str "1.5"`],
    [`ct_int("")`, "ct_int must get"],
    [`ct_int(None)`, "got None"],
    [`ct_int("1__0")`, "ct_int must get"],
    [`ct_int("8", base=8)`, "ct_int must get digits in base 8"],
    [`ct_int("1", base=v("no", default=1))`, "must be 0 or 2 to 36, got 1"],
    [`ct_int(ct_float("nan"))`, "a finite number"],
    [`ct_int(str_rjust("", 5000, "9"))`, "at most 4300 digits, got 5000"],
    [`ct_float("1,5")`, `ct_float must get the text of a number, got str "1,5"`],
    [`ct_float([1])`, "ct_float must get numbers"],
    [`ct_chr(1114112)`, "ct_chr must get a code point"],
    [`ct_ord("ab")`, "ct_ord must get one character"],
    [`ct_hex(1.0)`, "ct_hex must get an int"],
    [`ct_oct("8.0")`, "ct_oct must get an int"],
    [`ct_bin("x")`, "ct_bin must get an int"],
    [`bin2hex(5)`, "bin2hex must be bytes"],
  ])("%s fails: %s", (expression, reason) => {
    expect(failureOf(`e_set("result", ${expression})`)).toContain(reason);
  });
});
