import { App } from "cdktf";
import { shop } from "./stack";

const app = new App();
shop(app);
app.synth();
