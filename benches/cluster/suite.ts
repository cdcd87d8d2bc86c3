/** The rows of `npm run bench cluster`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = ["in-flight", "latency", "cancel", "recovery"];

export const about = "What a call to a worker of a cluster costs, beside a bare NATS request and the queues that there are: caller, server and one worker on this machine.";
