import { ok, type Reply } from "./reply.ts";
import type { Call } from "./call.ts";

function link(call: Call, page: number, rel: string): string {
  const url = new URL(call.url.pathname + call.url.search, call.world.origin);
  url.searchParams.set("page", String(page));
  return `<${url.href}>; rel="${rel}"`;
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text ?? fallback);
  return Number.isSafeInteger(value) && value >= 1 ? value : fallback;
}

/** One page of a list, rendered, with GitHub's Link header. `cap` is how far GitHub lists at all. */
export function paged<T>(
  call: Call,
  all: readonly T[],
  render: (item: T) => unknown,
  wrap: (items: unknown[], total: number) => unknown = (items) => items,
  cap = Infinity,
): Reply {
  const perPage = Math.min(positive(call.query.get("per_page"), 30), 100);
  const page = positive(call.query.get("page"), 1);
  const listed = Math.min(all.length, cap);
  const last = Math.max(1, Math.ceil(listed / perPage));
  const items = all.slice((page - 1) * perPage, Math.min(page * perPage, listed)).map(render);
  const links = [
    ...(page > 1 ? [link(call, page - 1, "prev")] : []),
    ...(page < last ? [link(call, page + 1, "next"), link(call, last, "last")] : []),
    ...(page > 1 ? [link(call, 1, "first")] : []),
  ];
  return ok(wrap(items, all.length), links.length === 0 ? {} : { link: links.join(", ") });
}

/** Cursor pages (deliveries, Dependabot): `cursor`/`after` holds the id after which the next page starts. */
export function cursored<T>(
  call: Call,
  all: readonly T[],
  id: (item: T) => string,
  render: (item: T) => unknown,
  name = "cursor",
): Reply {
  const perPage = Math.min(positive(call.query.get("per_page"), 30), 100);
  const after = call.query.get(name);
  const at = after === null ? 0 : all.findIndex((item) => `v1_${id(item)}` === after) + 1;
  const items = all.slice(at, at + perPage);
  const lastItem = items.at(-1);
  if (lastItem === undefined || at + perPage >= all.length) return ok(items.map(render));
  const url = new URL(call.url.pathname + call.url.search, call.world.origin);
  url.searchParams.set(name, `v1_${id(lastItem)}`);
  return ok(items.map(render), { link: `<${url.href}>; rel="next"` });
}
