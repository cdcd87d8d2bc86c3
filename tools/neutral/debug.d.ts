/** What `#debug` stands for here: nothing. */
export {};
