const perPage = 100;
const atOnce = 6;
/** Nobody has more repositories of one installation than GitHub lists. */
const mostPages = 300;

/** Every item of a list whose first page tells how many there are; the rest of the pages side by side. */
export async function pagesOf<T>(
  read: (page: number) => Promise<{ readonly total: number; readonly items: readonly T[] }>,
): Promise<readonly T[]> {
  const first = await read(1);
  const pages = Math.min(mostPages, Math.ceil(first.total / perPage));
  const rest: (readonly T[])[] = [];
  for (let from = 2; from <= pages; from += atOnce)
    rest.push(
      ...(await Promise.all(
        Array.from(
          { length: Math.min(atOnce, pages - from + 1) },
          async (_, index) => (await read(from + index)).items,
        ),
      )),
    );
  return [...first.items, ...rest.flat()];
}
