/** A worker of workerpool: what may be called is registered. */
import workerpool from "workerpool";
import * as functions from "../functions.mjs";

workerpool.worker({ ...functions });
