import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DELIVERY_FAULTS, EVENT_FAULTS, SCANNER_FAULTS, SEARCH_FAULTS } from "./support/planted-faults";

const ROOT = join(__dirname, "../..");

it.each([...SCANNER_FAULTS, ...SEARCH_FAULTS, ...EVENT_FAULTS, ...DELIVERY_FAULTS])(
  "the soak can plant its fault in %s: %s appears there once",
  (path, code) => {
    expect(readFileSync(join(ROOT, path), "utf8").split(code)).toHaveLength(2);
  },
);
