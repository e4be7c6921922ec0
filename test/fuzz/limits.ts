/** What reading one input may cost. */
export const limits = {
  /** CPU time: the clock on the wall says more of the neighbours than of the reader. */
  cpuMs: 1_000,
  /** Of the whole process, with Node and the product's modules in it. */
  memoryBytes: 768 * 1024 * 1024,
  heapMegabytes: 384,
  /** By the clock on the wall: for what waits and would wait for ever. */
  silentMs: 60_000,
} as const;
