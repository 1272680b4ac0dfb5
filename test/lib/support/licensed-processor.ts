/*! @license Kept beside the code */
import { defineProcessor } from "../../../functions/processors/define";

export default defineProcessor({ record: (record) => record });
