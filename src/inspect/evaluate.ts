/** One question to an inspector, by its protocol over a WebSocket. */
import type { Scope } from "../task/capabilities.ts";
import { AttachError } from "./attach-error.ts";

const LONGEST_MS = 5_000;

interface Answer {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown; readonly description?: string }; readonly exceptionDetails?: { readonly text?: string } };
  readonly error?: { readonly message?: string };
}

/** The value of an expression, evaluated in the program at the other end. */
export function evaluate(address: string, expression: string, scope: Scope): Promise<unknown> {
  return scope.failAfter(LONGEST_MS, async (inner) => {
    const socket = new WebSocket(address);
    try {
      return await inner.wait(ask(socket, expression));
    } finally {
      socket.close();
    }
  }, { name: "the inspector's answer" });
}

function ask(socket: WebSocket, expression: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression, returnByValue: true } }));
    const closed = (): void => reject(new AttachError("The inspector of the program closed the connection.", "Is another debugger attached to it? Close that first."));
    socket.onerror = closed;
    socket.onclose = closed;
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      const { id, result, error } = JSON.parse(String(data)) as Answer;
      if (id !== 1) return;
      const failure = error?.message ?? result?.exceptionDetails?.text;
      if (failure === undefined) resolve(result?.result?.value);
      else reject(new AttachError(`The program could not be asked: ${failure} ${result?.result?.description ?? ""}`.trim(), "Does it run another version of the library?"));
    };
  });
}
