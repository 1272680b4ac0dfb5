import type { Product } from "./action";
import { CAM } from "./cam";
import { CLS } from "./cls";
import { SCF } from "./scf";
import { STS } from "./sts";
import { TAG } from "./tag";

/** The products that the local cloud serves: what the provider needs for our resources. */
export const PRODUCTS: readonly Product[] = [CAM, CLS, SCF, STS, TAG];
