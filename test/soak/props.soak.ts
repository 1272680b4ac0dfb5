import { describeLaw } from "../lib/props/law";

describeLaw((names) => names);
