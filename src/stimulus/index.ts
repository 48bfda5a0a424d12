/** The stimulus' geometry and times, and the flips of a display. Knows no DOM and no protocol. */
export {};
