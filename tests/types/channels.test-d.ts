/** Channels: what is inferred, and what does not compile. */
import type { Readable, Writable } from "node:stream";
import type { Scope } from "espalier";
import {
  broadcast,
  channel,
  type ChannelStatistics,
  type Job,
  latest,
  type Latest,
  pipeFrom,
  pipeTo,
  type Receiver,
  select,
  type Selectable,
  type Sender,
  sending,
  streamSink,
  streamSource,
  WorkQueue,
} from "espalier/channel";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const signal: AbortSignal;
class Animal {
  readonly legs: number = 4;
}
class Dog extends Animal {
  readonly name: string = "Rex";
}

// channel: the type of the items is said once, and goes through
const [sender, receiver] = channel<Dog>(1);
expectType(channel<Dog>(1)).is<[sender: Sender<Dog>, receiver: Receiver<Dog>]>();
expectType(sender.send(new Dog(), scope)).is<Promise<void>>();
expectType(sender.send(new Dog(), { signal })).is<Promise<void>>();
expectType(sender.trySend(new Dog())).is<boolean>();
expectType(receiver.receive(scope)).is<Promise<Dog>>();
expectType(receiver.tryReceive()).is<{ readonly value: Dog } | undefined>();
expectType(sender.clone()).is<Sender<Dog>>();
expectType(receiver.clone()).is<Receiver<Dog>>();
expectType(sender.statistics()).is<ChannelStatistics>();
channel<string | undefined>(Infinity, { name: undefined });
for await (const dog of receiver.items(scope)) expectType(dog).is<Dog>();

// Receivers are covariant, senders contravariant.
const animals: Receiver<Animal> = receiver;
// @ts-expect-error Not every animal is a dog.
const dogs: Receiver<Dog> = animals;
// @ts-expect-error The receiver of this channel expects dogs.
const any: Sender<Animal> = sender;
const dogSender: Sender<Dog> = channel<Animal>(1)[0];
void [animals, dogs, any, dogSender];

// @ts-expect-error An item of another type.
sender.trySend("item");
// @ts-expect-error Whatever waits takes the scope.
await sender.send(new Dog());
// @ts-expect-error Whatever waits takes the scope.
await receiver.receive();
// @ts-expect-error A receiver is not iterable itself: an iteration waits.
receiver[Symbol.asyncIterator]();
// @ts-expect-error The capacity decides how it behaves: it has to be said.
channel<Dog>();
// @ts-expect-error Ends are made by channel().
new (null as unknown as typeof Sender<Dog>)();

// broadcast
const [news, subscribe] = broadcast<string>(8, { slow: "dropOldest" });
expectType(news).is<Sender<string>>();
expectType(subscribe()).is<Receiver<string>>();
// @ts-expect-error No such policy.
broadcast<string>(8, { slow: "drop" });

// latest: a literal widens as in any variable
expectType(latest(1)).is<Latest<number>>();
expectType(latest<"up" | "down">("up").value).is<"up" | "down">();
const mixed = latest<string | number>("a");
expectType(mixed.until((value) => String(value).length > 1, scope)).is<Promise<string | number>>();
expectType(mixed.until((value): value is string => typeof value === "string", scope)).is<Promise<string>>();
expectType(mixed.subscribe()).is<Receiver<string | number>>();
// @ts-expect-error Not a value of it.
mixed.set(true);

// select: the index tells the type of the value
const [texts, text] = channel<string>(0);
const taken = await select([receiver, text, sending(texts, "a")], scope);
if (taken.index === 0 && !taken.done) expectType(taken.value).is<Dog>();
else if (taken.index === 1 && !taken.done) expectType(taken.value).is<string>();
else if (taken.index === 2) expectType(taken.value).is<undefined>();
else expectType(taken).is<{ readonly index: 0; readonly done: true; readonly value: undefined } | { readonly index: 1; readonly done: true; readonly value: undefined }>();
if (!taken.done) expectType(taken.index).is<0 | 1 | 2>();
const many: Receiver<Dog>[] = [];
const some = await select(many, scope);
expectType(some).is<{ readonly index: number; readonly done: false; readonly value: Dog } | { readonly index: number; readonly done: true; readonly value: undefined }>();
const list: Selectable[] = [text, sending(texts, "b")];
expectType((await select(list, scope)).value).is<unknown>();
// @ts-expect-error There is no case 3.
if (taken.index === 3) void 0;
// @ts-expect-error An item of another type.
sending(texts, 1);
// @ts-expect-error A sender alone does not say what is to be sent.
await select([texts], scope);
// @ts-expect-error Whatever waits takes the scope.
await select([text]);

// WorkQueue
const queue = new WorkQueue<number>(1, { name: "work" });
expectType(queue.take(scope)).is<Promise<Job<number>>>();
expectType(queue.tryTake()).is<Job<number> | undefined>();
expectType(queue.shutdownNow()).is<number[]>();
for await (const job of queue.jobs(scope)) expectType(job.value).is<number>();
// @ts-expect-error Whatever waits takes the scope.
await queue.join();

// The platforms' streams fit.
declare const chunks: ReadableStream<Uint8Array<ArrayBuffer>>;
declare const bytes: WritableStream<Uint8Array<ArrayBuffer>>;
declare const readable: Readable;
declare const writable: Writable;
const [intoBytes, fromBytes] = channel<Uint8Array<ArrayBuffer>>(1);
expectType(pipeFrom(chunks, intoBytes, scope)).is<Promise<void>>();
expectType(pipeTo(fromBytes, bytes, scope)).is<Promise<void>>();
await pipeFrom<Uint8Array<ArrayBuffer>>(readable, intoBytes, scope);
await pipeTo(fromBytes, writable, scope);
expectType(new ReadableStream<string>(streamSource(text, scope))).is<ReadableStream<string>>();
expectType(new WritableStream(streamSink(texts, scope))).is<WritableStream<string>>();
// @ts-expect-error Its chunks are no strings.
await pipeFrom(chunks, texts, scope);
// @ts-expect-error It takes no strings.
await pipeTo(text, bytes, scope);
