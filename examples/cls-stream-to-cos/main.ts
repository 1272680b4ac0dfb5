import { App } from "cdktf";
import { accessStream } from "./stack";

const app = new App();
accessStream(app);
app.synth();
