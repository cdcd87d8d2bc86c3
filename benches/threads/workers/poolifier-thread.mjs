/** A worker of poolifier's thread pools. */
import { ThreadWorker } from "poolifier";
import * as functions from "../functions.mjs";

new ThreadWorker({ ...functions });
