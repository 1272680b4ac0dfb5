import { App } from "cdktf";
import { cosAccessLog } from "./stack";

const app = new App();
cosAccessLog(app);
app.synth();
