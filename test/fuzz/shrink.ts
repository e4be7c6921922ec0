/** The shortest input found within the time that still fails in the same way: pieces are left out, large ones first. */
export async function shrink(
  input: Uint8Array,
  stillFails: (smaller: Uint8Array) => Promise<boolean>,
  ms: number,
): Promise<Uint8Array> {
  const until = performance.now() + ms;
  let current = input;
  for (let size = Math.ceil(current.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let at = 0;
    while (at < current.length) {
      if (performance.now() > until) return current;
      const smaller = new Uint8Array(
        Buffer.concat([current.subarray(0, at), current.subarray(at + size)]),
      );
      if (await stillFails(smaller)) current = smaller;
      else at += size;
    }
    if (current.length === 0) return current;
  }
  return current;
}
