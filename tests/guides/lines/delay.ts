/** What those who have no scope wait with. */
export const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A promise, and what resolves it. */
export function gate(): { readonly promise: Promise<void>; open(): void } {
  let open!: () => void;
  return { promise: new Promise((resolve) => (open = resolve)), open: () => open() };
}
