import { App } from "cdktf";
import { accessLogBatch } from "./stack";

const app = new App();
accessLogBatch(app);
app.synth();
