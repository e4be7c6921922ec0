import type { CredentialsState } from "#core/ports/github.ts";
import { outageWords } from "#core/render/outage.ts";
import type { Deps } from "#flow/deps.ts";

/** How the gate itself is: what is wrong comes with what to do. */
export interface HealthView {
  readonly isWell: boolean;
  readonly credentials: CredentialsState["kind"];
  readonly troubles: readonly string[];
  readonly queue: { readonly due: number; readonly dead: number; readonly oldestDueMs: number };
  readonly lastDeliveryAt: number | null;
}

/** Work that is due for longer than this is late. */
const lateMs = 5 * 60_000;

export async function readHealth(
  { store, clock, github, webUrl }: Pick<Deps, "store" | "clock" | "github" | "webUrl">,
  credentials: () => Promise<CredentialsState>,
): Promise<HealthView> {
  const now = clock.now();
  const [{ due, dead, oldestDueMs }, { kind, remedy }, lastDeliveryAt] = await Promise.all([
    store.queue.stats(now),
    credentials(),
    store.views.lastDeliveryAt(),
  ]);
  const troubles = [
    ...(kind === "known" ? [] : [remedy ?? "GitHub does not answer at the moment."]),
    ...github.outages().map((outage) => outageWords(outage, webUrl)),
    ...(oldestDueMs > lateMs
      ? [
          "Work is late: GitHub's rate limit may be used up, or the machine is too slow. /metrics says more.",
        ]
      : []),
    ...(dead > 0
      ? [`${dead} pieces of work failed again and again and were put aside; the log says why.`]
      : []),
    ...(lastDeliveryAt === null
      ? [
          "No delivery has come from GitHub yet: look at the webhook's address on the App's settings page.",
        ]
      : []),
  ];
  return {
    isWell: troubles.length === 0,
    credentials: kind,
    troubles,
    queue: { due, dead, oldestDueMs },
    lastDeliveryAt,
  };
}
