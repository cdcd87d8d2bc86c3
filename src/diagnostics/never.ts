/** Where there are neither channels of the runtime nor an environment: what watches is attached by the program. */
export {};
