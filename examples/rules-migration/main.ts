import { App } from "cdktf";
import { migratedRules } from "./stack";

const app = new App();
migratedRules(app);
app.synth();
