import { z } from "zod";

/** An entry of the audit log. `detail` is canonical JSON. */
export interface Logged {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly detail: string;
}

const decision = z.object({
  decision: z.string(),
  title: z.string().catch(""),
  requestedBy: z.string().nullish().catch(null),
  triggeredBy: z.string().nullish().catch(null),
  asks: z.array(z.string()).optional().catch(undefined),
  rules: z
    .array(
      z.object({
        name: z.string(),
        verdict: z.string(),
        enforcement: z.string().catch("active"),
        overridden: z.string().nullable().catch(null),
      }),
    )
    .catch([]),
  inputs: z
    .object({ facts: z.record(z.string(), z.string()).catch({}) })
    .nullish()
    .catch(null),
});

/** What the log says of one decision, as far as reports tell it. */
export type LoggedDecision = z.infer<typeof decision>;

const rollback = z.object({
  reason: z.string().catch(""),
  ranBefore: z.number().nullable().catch(null),
});
export type LoggedRollback = z.infer<typeof rollback> & { readonly by: string | null };

const granted = z.object({ act: z.string(), confirmedBy: z.array(z.string()).catch([]) });
export type LoggedGrant = z.infer<typeof granted>;

const parsed = <T>(schema: z.ZodType<T>, detail: string): T | null => {
  try {
    return schema.safeParse(JSON.parse(detail)).data ?? null;
  } catch {
    return null;
  }
};

/** null: a record of another shape. */
export const readDecision = ({ detail }: Pick<Logged, "detail">): LoggedDecision | null =>
  parsed(decision, detail);

export function readRollback(entry: Pick<Logged, "detail" | "actor">): LoggedRollback | null {
  const read = parsed(rollback, entry.detail);
  return read === null ? null : { ...read, by: entry.actor };
}

export const readGrant = ({ detail }: Pick<Logged, "detail">): LoggedGrant | null =>
  parsed(granted, detail);
