import { exportOf } from "../../modules.ts";
import type { Launcher } from "../../pool/carrier.ts";
import { decodeFailure } from "../../wire/failure.ts";
import type { Transport } from "../transport.ts";
import { type CallerSettings, ClusterCarrier } from "./carrier.ts";
import type { FromWorker } from "./reception.ts";

/** Of so many calls at a time is a cluster, where nobody says: more than a few machines do, and less than burdens a caller. */
export const DEFAULT_SIZE = 64;

/** @param launched told of each carrier: a pool has one after the other, if the connection is lost for good */
export function clusterLauncher(connect: () => Promise<Transport>, settings: CallerSettings, launched: (carrier: ClusterCarrier) => void): Launcher {
  const loadClass = (module: string, name: string): Promise<unknown> => exportOf(settings.names.urlOf(module), name);
  let carriers = 0;
  return {
    parallelism: DEFAULT_SIZE,
    isWide: true,
    launch(events) {
      // Each counts its calls anew: what comes for those of an earlier one is for nobody.
      const id = ++carriers === 1 ? settings.id : `${settings.id}-${carriers}`;
      const carrier = new ClusterCarrier(events, connect(), { ...settings, id });
      launched(carrier);
      return carrier;
    },
    // Works are terminated by their workers, and nothing here is ended for being idle.
    later: () => () => {},
    // What failed on this side has not been encoded.
    decode: (thrown) => (thrown instanceof Error ? thrown : decodeFailure((thrown as FromWorker).failure, `worker ${(thrown as FromWorker).worker}`, loadClass)),
  };
}
