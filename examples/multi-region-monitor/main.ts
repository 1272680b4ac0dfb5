import { App } from "cdktf";
import { errorsMonitor } from "./stack";

const app = new App();
errorsMonitor(app);
app.synth();
