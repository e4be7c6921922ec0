import { failure, type Args, type Shape } from "./context.ts";

function toCursor(index: number): string {
  return Buffer.from(`cursor:v2:${index}`).toString("base64");
}

function fromCursor(cursor: unknown): number | null {
  if (typeof cursor !== "string") return null;
  const index = Number(Buffer.from(cursor, "base64").toString("utf8").replace("cursor:v2:", ""));
  if (!Number.isSafeInteger(index))
    throw failure(
      "INVALID_CURSOR_ARGUMENTS",
      `\`${cursor}\` does not appear to be a valid cursor.`,
    );
  return index;
}

function bound(name: string, args: Args, side: "first" | "last"): number | null {
  const value = args[side];
  if (typeof value !== "number") return null;
  if (value < 0)
    throw failure(
      "INVALID_CURSOR_ARGUMENTS",
      `\`${side}\` on the \`${name}\` connection cannot be less than zero.`,
    );
  if (value > 100)
    throw failure(
      "EXCESSIVE_PAGINATION",
      `Requesting ${value} records on the \`${name}\` connection exceeds the \`${side}\` limit of 100 records.`,
    );
  return value;
}

/** A page of a list with totals and cursors; without `first` or `last` GitHub refuses, and so does this. */
export function connection<T>(
  name: string,
  all: readonly T[],
  args: Args,
  show: (item: T) => unknown,
  extra: Shape = {},
): Shape {
  const first = bound(name, args, "first");
  const last = bound(name, args, "last");
  if (first === null && last === null) {
    throw failure(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  let start = (fromCursor(args["after"]) ?? -1) + 1;
  let end = fromCursor(args["before"]) ?? all.length;
  if (first !== null) end = Math.min(end, start + first);
  if (last !== null) start = Math.max(start, end - last);
  const page = all.slice(start, end).map((item, index) => ({ index: start + index, item }));
  return {
    totalCount: all.length,
    nodes: () => page.map(({ item }) => show(item)),
    edges: () =>
      page.map(({ index, item }) => ({ cursor: toCursor(index), node: () => show(item) })),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: page.length === 0 ? null : toCursor(start),
      endCursor: page.length === 0 ? null : toCursor(start + page.length - 1),
    },
    ...extra,
  };
}
