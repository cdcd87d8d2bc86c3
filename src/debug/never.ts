/** Where there is no environment to ask for debug mode: import "espalier/debug". */
export {};
