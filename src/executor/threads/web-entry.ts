/** What runs in a web worker. */
import { Claims } from "../wire/claims.ts";
import { ENDED, type Message } from "../wire/messages.ts";
import type { Link } from "../worker/link.ts";
import { Server } from "../worker/server.ts";
import type { WebThreadData } from "./web-launcher.ts";

interface WebWorkerScope {
  onmessage: ((event: { readonly data: WebThreadData }) => void) | null;
  close(): void;
}
const scope = globalThis as unknown as WebWorkerScope;

scope.onmessage = ({ data: { port, memory, perWorker, label } }) => {
  const close = scope.close.bind(scope);
  const end = (): void => {
    server.flush();
    port.postMessage([ENDED] satisfies Message);
    close();
  };
  // A worker that closes itself tells nobody.
  scope.close = end;
  const link: Link = {
    claims: memory === undefined ? undefined : new Claims(memory),
    canListen: false,
    label,
    post: (message, transfer) => port.postMessage(message, (transfer ?? []) as never),
    receive: () => undefined,
    nextTurn: (callback) => void setTimeout(callback, 0),
    isQuiet: () => false,
    end,
  };
  const server = new Server(link, perWorker);
  port.onmessage = ({ data: message }: { readonly data: Message }) => server.received(message);
};
