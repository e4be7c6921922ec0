import { z } from "zod";
import type { GitHub } from "../client/client.ts";
import { eachPage } from "../client/pages.ts";
import { asApp } from "../client/requests.ts";

const delivery = z.object({
  id: z.number(),
  guid: z.string(),
  delivered_at: z.string(),
  status: z.string(),
  status_code: z.number(),
});

/** Newest first, so the pages end at the first delivery that is older than asked for. 100 pages are 10,000 failures. */
const mostPages = 100;

/**
 * Deliveries that failed since an instant of this machine's clock, by GUID (GitHub never tries again by itself). A
 * redelivery keeps the GUID; its newest failed attempt is named. Only failures are asked for: what arrived by another
 * attempt is known here. A server that does not filter is answered all the same.
 */
export async function readFailedDeliveries(
  github: GitHub,
  since: number,
): Promise<readonly { readonly id: number; readonly guid: string }[]> {
  const arrived = new Set<string>();
  const newest = new Map<string, number>();
  let oldest = Number.POSITIVE_INFINITY;
  let isPast = false;
  await eachPage(
    github,
    asApp,
    github.endpoint("GET /app/hook/deliveries", { per_page: 100, status: "failure" }),
    z.array(delivery),
    (page) => {
      // The page has just told what time it is there: clocks may be apart. Too many are asked for rather than too few.
      const from = Math.min(since, github.toServerTime(since));
      for (const row of page) {
        const at = Date.parse(row.delivered_at);
        if (!Number.isNaN(at)) oldest = Math.min(oldest, at);
        if (row.status.toUpperCase() === "OK" || (row.status_code >= 200 && row.status_code < 300))
          arrived.add(row.guid);
        else if (at >= from && !newest.has(row.guid)) newest.set(row.guid, row.id);
      }
      isPast = oldest < from;
      // Paged by cursors in `Link`: a full page without one is the last.
      return 0;
    },
    { maxPages: mostPages, until: () => isPast },
  );
  return [...newest].filter(([guid]) => !arrived.has(guid)).map(([guid, id]) => ({ id, guid }));
}

export async function redeliver(github: GitHub, deliveryId: number): Promise<void> {
  const request = github.endpoint("POST /app/hook/deliveries/{delivery_id}/attempts", {
    delivery_id: deliveryId,
  });
  // What comes twice is known by its GUID and taken once.
  await github.rest(asApp, request, z.unknown(), { idempotent: true });
}
