/** The bytes of one body, copied together as they come. */
export interface BodyBlocks {
  /** Takes the chunk's bytes; answers how many bytes of memory were taken for it. */
  readonly append: (chunk: Buffer) => number;
  readonly length: () => number;
  readonly joined: () => Buffer;
  readonly clear: () => void;
}

const firstBlock = 4 * 1024;
const largestBlock = 1024 * 1024;

/** `expected`: no block is taken beyond that many bytes, unless they do come. */
export function createBodyBlocks(expected: number): BodyBlocks {
  const full: Buffer[] = [];
  let block = Buffer.alloc(0);
  let used = 0;
  let length = 0;

  /** Each block as large as all before: neither many blocks nor much memory that nothing fills. */
  const nextBlock = (atLeast: number): number => {
    if (used > 0) full.push(block.subarray(0, used));
    const wanted = Math.min(Math.max(length, firstBlock), largestBlock, expected - length);
    block = Buffer.allocUnsafeSlow(Math.max(wanted, atLeast));
    used = 0;
    return block.length;
  };

  return {
    append: (chunk) => {
      const fits = Math.min(chunk.length, block.length - used);
      chunk.copy(block, used, 0, fits);
      used += fits;
      length += fits;
      if (fits === chunk.length) return 0;
      const rest = chunk.length - fits;
      const taken = nextBlock(rest);
      chunk.copy(block, 0, fits);
      used = rest;
      length += rest;
      return taken;
    },
    length: () => length,
    joined: () => Buffer.concat([...full, block.subarray(0, used)], length),
    clear: () => {
      full.length = 0;
      block = Buffer.alloc(0);
      used = 0;
    },
  };
}
