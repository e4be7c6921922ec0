import { brackets, numbers, texts } from "./nasty.ts";
import type { Random } from "./random.ts";

/** No input is larger: readers take megabytes, and what is wrong with those shows in fewer. */
export const largestInput = 512 * 1024;

/** Inputs are strings of bytes (latin1) here, so that text and archives are changed alike. */
type Mutation = (input: string, random: Random, other: string) => string;

/** A stretch of the input: mostly short, sometimes any. */
function stretch(input: string, random: Random): readonly [number, number] {
  const from = random.below(input.length + 1);
  const most = random.chance(0.8) ? 24 : input.length;
  return [from, Math.min(input.length, from + 1 + random.below(Math.max(1, most)))];
}

const put = (input: string, from: number, until: number, text: string): string =>
  input.slice(0, from) + text + input.slice(until);

/** Words, numbers and quoted texts: what a reader takes for one thing. */
function tokenIn(input: string, random: Random): readonly [number, number] {
  const from = random.below(Math.max(1, input.length));
  const near = input.slice(from, from + 400);
  const match = /[\w.+-]+|"(?:[^"\\\n]|\\.)*"/.exec(near);
  if (match === null) return stretch(input, random);
  return [from + match.index, from + match.index + match[0].length];
}

function lineIn(input: string, random: Random): readonly [number, number] {
  const at = random.below(input.length + 1);
  const from = input.lastIndexOf("\n", at - 1) + 1;
  const end = input.indexOf("\n", at);
  return [from, end < 0 ? input.length : end + 1];
}

const mutations: readonly Mutation[] = [
  // Bits and bytes.
  (input, random) => {
    const at = random.below(Math.max(1, input.length));
    const flipped = (input.charCodeAt(at) || 0) ^ (1 << random.below(8));
    return put(input, at, at + 1, String.fromCharCode(flipped & 0xff));
  },
  (input, random) => {
    const at = random.below(input.length + 1);
    return put(input, at, at + 1, String.fromCharCode(random.below(256)));
  },
  // Cut off, cut out, doubled, moved, spliced.
  (input, random) => input.slice(0, random.below(input.length + 1)),
  (input, random) => input.slice(random.below(Math.min(input.length, 40) + 1)),
  (input, random) => put(input, ...stretch(input, random), ""),
  (input, random) => {
    const [from, until] = stretch(input, random);
    return put(input, until, until, input.slice(from, until));
  },
  (input, random) => {
    const [from, until] = stretch(input, random);
    const rest = put(input, from, until, "");
    const at = random.below(rest.length + 1);
    return put(rest, at, at, input.slice(from, until));
  },
  (input, random, other) => {
    const [from, until] = stretch(other, random);
    const at = random.below(input.length + 1);
    return put(input, at, at, other.slice(from, until));
  },
  (input, random, other) =>
    input.slice(0, random.below(input.length + 1)) + other.slice(random.below(other.length + 1)),
  // Lines: left out, doubled, put elsewhere.
  (input, random) => put(input, ...lineIn(input, random), ""),
  (input, random) => {
    const [from, until] = lineIn(input, random);
    const at = lineIn(input, random)[0];
    return put(input, at, at, input.slice(from, until));
  },
  // What stands for one thing becomes another.
  (input, random) => put(input, ...tokenIn(input, random), random.pick(numbers)),
  (input, random) => put(input, ...tokenIn(input, random), random.pick(texts)),
  (input, random) => put(input, ...tokenIn(input, random), `"${random.pick(texts)}"`),
  (input, random, other) => {
    const [from, until] = tokenIn(other, random);
    return put(input, ...tokenIn(input, random), other.slice(from, until));
  },
  (input, random) => {
    const at = random.below(input.length + 1);
    return put(input, at, at, random.pick(texts));
  },
  // Deep.
  (input, random) => {
    const [open, close] = random.pick(brackets);
    const depth = random.pick([2, 30, 250, 3_000, 20_000]);
    const [from, until] = random.chance(0.5) ? tokenIn(input, random) : [0, input.length];
    const end = random.chance(0.8) ? close.repeat(depth) : "";
    return put(input, from, until, open.repeat(depth) + input.slice(from, until) + end);
  },
];

/** Long: one stretch over and over, which shows what takes more than its share of time. Rare, because it is slow. */
function blowUp(input: string, random: Random): string {
  const [from, until] = random.chance(0.5) ? stretch(input, random) : lineIn(input, random);
  const piece = input.slice(from, Math.min(until, from + 400)) || "a";
  const size = random.pick([4_000, 30_000, 65_000, 250_000]);
  return put(input, until, until, piece.repeat(Math.ceil(size / piece.length)));
}

/** A changed input: mostly in few places, so that it gets past the first look. */
export function mutate(input: string, random: Random, other: string): string {
  let changed = input;
  const times = 1 + random.below(random.chance(0.75) ? 3 : 10);
  for (let time = 0; time < times; time += 1)
    changed = random.pick(mutations)(changed, random, other).slice(0, largestInput);
  return random.chance(0.02) ? blowUp(changed, random).slice(0, largestInput) : changed;
}
