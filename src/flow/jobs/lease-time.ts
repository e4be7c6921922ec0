/** How long a worker may be silent before others take its work: a person waits that long where a process died and none was started. */
export const leaseMs = 15_000;
