import { textOf, type FuzzTarget } from "./target.ts";

const faulty = (name: string, read: (text: string) => unknown): (() => Promise<FuzzTarget>) => {
  const target: FuzzTarget = {
    name,
    corpus: ['{"a": [1, "two"], "b": true}'],
    read: (input) => read(textOf(input)),
  };
  return () => Promise.resolve(target);
};

const kept: unknown[] = [];

/** Readers with the faults that the run is there to find. */
export const targets: Readonly<Record<string, () => Promise<FuzzTarget>>> = {
  crash: faulty("crash", (text) => {
    if (text.includes("constructor")) throw new TypeError("it is a name of every object's part");
  }),
  "crash-later": faulty("crash-later", async (text) => {
    if (text.includes("NaN"))
      setImmediate(() => Promise.reject(new RangeError("nobody waits for this")));
  }),
  hang: faulty("hang", (text) => {
    while (text.startsWith("[[[[")) text = `[${text.slice(1)}`;
  }),
  memory: faulty("memory", (text) => {
    while (text.includes("\u202e")) kept.push(Buffer.alloc(32 * 1024 * 1024, 1));
  }),
  sound: faulty("sound", () => undefined),
};
