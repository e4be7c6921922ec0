import { numbers, texts } from "./nasty.ts";
import type { Random } from "./random.ts";

const decoded = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

const values: readonly unknown[] = [
  null,
  true,
  false,
  "",
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: null },
  "\ud800",
  ...numbers.map((each) => Number(decoded(each))).filter(Number.isFinite),
  ...texts.map(decoded),
];

type Holder = Record<string, unknown>;

function holdersIn(value: unknown, found: Holder[] = []): Holder[] {
  if (typeof value === "object" && value !== null && found.length < 500) {
    found.push(value as Holder);
    for (const each of Object.values(value)) holdersIn(each, found);
  }
  return found;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Also where the key is `__proto__`, which is a key like others in JSON. */
function put(holder: Holder, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function change(root: Holder, random: Random): void {
  const holders = holdersIn(root);
  const holder = random.pick(holders);
  const keys = Object.keys(holder);
  if (keys.length === 0) return;
  const key = random.pick(keys);
  switch (random.below(7)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      if (Array.isArray(holder)) holder.push(...(holder as unknown[]));
      else put(holder, decoded(random.pick(texts)), structuredClone(holder[key]));
      return;
    case 2:
      holder[key] = structuredClone(random.pick(holders));
      return;
    case 3:
      holder[key] = nested(random.pick([3, 40, 190, 900]));
      return;
    case 4:
      holder[key] = [holder[key]];
      return;
    default:
      holder[key] = structuredClone(random.pick(values));
  }
}

/** JSON that is still JSON, with values of other kinds in it; undefined where the input is none. */
export function mutateJson(input: string, random: Random): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(decoded(input));
  } catch {
    return undefined;
  }
  if (typeof root !== "object" || root === null) return undefined;
  const times = 1 + random.below(4);
  for (let time = 0; time < times; time += 1) change(root as Holder, random);
  return Buffer.from(JSON.stringify(root), "utf8").toString("latin1");
}
