import { z } from "zod";
import type { Finding } from "#core/formats/findings/finding.ts";

const instantOrNull = z
  .string()
  .nullish()
  .transform((text) => {
    const at = Date.parse(text ?? "");
    return Number.isNaN(at) ? null : at;
  });

/** An alert with the instants at which it was dismissed or resolved, epoch ms. */
export function withInstant<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return schema.extend({ dismissed_at: instantOrNull, resolved_at: instantOrNull });
}

/** Instants by fingerprint, where GitHub gives one. */
export function dismissals(
  told: readonly { readonly finding: Finding | null; readonly at: number | null }[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    told.flatMap(({ finding, at }) =>
      finding === null || at === null ? [] : [[finding.fingerprint, at]],
    ),
  );
}
