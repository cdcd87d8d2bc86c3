/** A worker of poolifier's cluster pools. */
import { ClusterWorker } from "poolifier";
import * as functions from "../functions.mjs";

new ClusterWorker({ ...functions });
