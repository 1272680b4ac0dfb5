import { eventSteps } from "./events";
import { extractionSteps } from "./extraction";
import { fieldSteps } from "./fields";
import { flowSteps } from "./flow";
import { mappingSteps } from "./mapping";
import type { NativeSteps } from "./types";

/** Operations that CLS has, or that can be composed from its operations. Each returns a sequence of calls. */
export const STEPS: NativeSteps = {
  ...flowSteps,
  ...eventSteps,
  ...fieldSteps,
  ...extractionSteps,
  ...mappingSteps,
};
