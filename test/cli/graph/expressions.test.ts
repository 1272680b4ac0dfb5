import * as fc from "fast-check";
import { jsonOf, referencesIn } from "../../../cli/graph/expressions";

describe("what a text of a plan refers to", () => {
  it.each([
    ["an attribute", "${tencentcloud_cls_topic.Access_99.id}", ["tencentcloud_cls_topic.Access_99 id"]],
    ["a data source", "${data.tencentcloud_user_info.Me.owner_uin}", ["data.tencentcloud_user_info.Me owner_uin"]],
    ["a variable", "${var.hook}", ["var.hook "]],
    ["a whole resource", "${tencentcloud_cls_topic.A}", ["tencentcloud_cls_topic.A "]],
    ["several in one text", "${a_b.C.d}/${a_b.E.f}", ["a_b.C d", "a_b.E f"]],
    ["arguments of functions", '${join("-", [a_b.C.d, a_b.E.f])}', ["a_b.C d", "a_b.E f"]],
    ["a text in an expression", '${jsonencode("x ${a_b.C.d} y")}', ["a_b.C d"]],
    ["a text in a text in an expression", '${f("x ${g("${a_b.C.d}")} y")}', ["a_b.C d"]],
    ["what is behind a call", "${jsondecode(a_b.C.d).Net.Url}", ["a_b.C d"]],
    [
      "an output of another stack",
      '${data.terraform_remote_state.base.outputs["cross-x"]}',
      ["data.terraform_remote_state.base outputs cross-x"],
    ],
    ["nothing where it is escaped", "$${a_b.C.d}", []],
    ["nothing where it is a text", '${f("a_b.C.d")}', []],
    ["nothing where there is no expression", "a_b.C.d", []],
    ["what stands before an expression that does not end", "${a_b.C.d", ["a_b.C d"]],
  ])("is %s", (_, text, expected) => {
    const found = referencesIn(text).map(({ address, attributes }) => [address, ...attributes].join(" "));
    expect(found.map((one) => one.trim())).toEqual(expected.map((one) => one.trim()));
  });
});

describe("JSON in a text of a plan", () => {
  it.each([
    ["an expression in place of a value", '{"a":${jsonencode(x_y.Z.id)}}', { a: "${x_y.Z.id}" }],
    ["an encoded text", '{"a":${jsonencode("p/${x_y.Z.id}/*")}}', { a: "p/${x_y.Z.id}/*" }],
    ["an encoded text with quotes", '{"a":${jsonencode("say \\"hi\\"")}}', { a: 'say "hi"' }],
    ["an expression within a text", '{"a":"uin/${x_y["Z"].id}:root"}', { a: 'uin/${x_y["Z"].id}:root' }],
    ["an expression that is no text", '{"a":${x_y.Z.count}}', { a: "${x_y.Z.count}" }],
    ["an escaped expression", '{"a":"$${b}"}', { a: "${b}" }],
    ["no JSON", "{", undefined],
  ])("is read with %s", (_, text, expected) => {
    expect(jsonOf(text)).toEqual(expected);
  });

  it("is the JSON itself where there is no expression", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        fc.pre(!json.includes("${"));
        expect(jsonOf(json)).toEqual(JSON.parse(json));
      }),
    );
  });
});
