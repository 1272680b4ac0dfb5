import { readFileSync } from "node:fs";
import { zipSync } from "fflate";

/** The size of the deployed handler. */
export default ({ handler }) => {
  const { length } = zipSync({ "index.js": readFileSync(handler) }, { level: 9 });
  return [{ name: "index.js zipped", value: length / 1024, below: 100, unit: "KB" }];
};
