import { forkJoin, lastValueFrom, timeout } from "rxjs";
import { fromFetch } from "rxjs/fetch";

const get = (kind, id) =>
  fromFetch(`/${kind}/${id}`, {
    selector: (response) => {
      if (!response.ok) throw new Error(`${kind}: ${response.status}`);
      return response.json();
    },
  });

export const profile = (id, ms) => lastValueFrom(forkJoin(["user", "orders", "friends"].map((kind) => get(kind, id))).pipe(timeout(ms)));
