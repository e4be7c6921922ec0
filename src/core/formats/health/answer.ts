import type { Series } from "./series.ts";

/** The time over which a source is asked: up to now, or an interval (epoch ms) as far as it has passed. */
export type HealthSpan =
  | { readonly kind: "last"; readonly ms: number }
  | { readonly kind: "between"; readonly from: number; readonly until: number };

/** What a source answers. `askedAt`: by our clock (epoch ms). */
export type HealthAnswer =
  | {
      readonly kind: "series";
      readonly series: readonly Series[];
      /** The instant for which it speaks, by the source's clock. */
      readonly at: number;
      readonly askedAt: number;
      /** Whether it can tell how it was before. */
      readonly tellsPast: boolean;
    }
  | { readonly kind: "unanswered"; readonly because: string; readonly askedAt: number };
