import { layOut } from "../../terminal/table";

it("a table's columns are as wide as their widest cell, numbers to the right, and no line ends with spaces", () => {
  const rows = [["NAME", "COUNT", "WHY"], ["a", "12", ""], ["longer", "1,234,567", "because"], ["... 3 more"]];
  expect(layOut(rows, [1])).toBe(
    ["NAME            COUNT  WHY", "a                  12", "longer      1,234,567  because", "... 3 more", ""].join(
      "\n",
    ),
  );
});
