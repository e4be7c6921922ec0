import { z } from "zod";
import type { GitHub } from "./client.ts";
import { eachPage } from "./pages.ts";
import { asApp } from "./requests.ts";

const delivery = z.object({ id: z.number(), guid: z.string(), delivered_at: z.string(), status: z.string(), status_code: z.number() });

/** Newest first, so the pages end at the first delivery that is older than asked for. 100 pages are 10,000 deliveries. */
const mostPages = 100;

/**
 * Deliveries that never arrived: GUIDs without one attempt that was answered 2xx (GitHub never tries again by itself).
 * A redelivery keeps the GUID; its newest attempt is named.
 */
export async function readFailedDeliveries(github: GitHub, since: number): Promise<readonly { readonly id: number; readonly guid: string }[]> {
  const arrived = new Set<string>();
  const newest = new Map<string, number>();
  let oldest = Number.POSITIVE_INFINITY;
  await eachPage(github, asApp, github.endpoint("GET /app/hook/deliveries", { per_page: 100 }), z.array(delivery), (page) => {
    for (const row of page) {
      const at = Date.parse(row.delivered_at);
      if (!Number.isNaN(at)) oldest = Math.min(oldest, at);
      if (row.status.toUpperCase() === "OK" || (row.status_code >= 200 && row.status_code < 300)) arrived.add(row.guid);
      else if (at >= since && !newest.has(row.guid)) newest.set(row.guid, row.id);
    }
    // Paged by cursors in `Link`: a full page without one is the last.
    return 0;
  }, { maxPages: mostPages, until: () => oldest < since });
  return [...newest].filter(([guid]) => !arrived.has(guid)).map(([guid, id]) => ({ id, guid }));
}

export async function redeliver(github: GitHub, deliveryId: number): Promise<void> {
  const request = github.endpoint("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: deliveryId });
  await github.rest(asApp, request, z.unknown());
}
