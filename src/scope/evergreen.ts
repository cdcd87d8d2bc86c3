/**
 * V8 forgets the hidden class of objects, and the code it compiled for them, when a full collection finds none of
 * them alive; after every quiet moment all would run at half its speed. So one of each kind of which there are many
 * never goes. (Seen in: `npm run bench core -- --only quiet`.)
 */
const evergreens: object[] = [];

export function evergreen(...objects: object[]): void {
  evergreens.push(...objects);
}
