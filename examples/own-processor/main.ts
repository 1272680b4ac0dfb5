import { App } from "cdktf";
import { enrichedLogs } from "./stack";

const app = new App();
enrichedLogs(app);
app.synth();
