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

/** What the log says of one decision, as far as reports tell it. */
export interface LoggedDecision {
  readonly decision: string;
  readonly title: string;
  readonly requestedBy: string | null;
  readonly triggeredBy: string | null;
  readonly rules: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly enforcement: string;
    readonly overridden: string | null;
  }[];
  /** Digests of what it was made of, by need key; null: it was not recorded. */
  readonly facts: Readonly<Record<string, string>> | null;
}

const rollback = z.object({
  reason: z.string().catch(""),
  ranBefore: z.number().nullable().catch(null),
});
export type LoggedRollback = z.infer<typeof rollback> & { readonly by: string | null };

const granted = z.object({ act: z.string(), confirmedBy: z.array(z.string()).catch([]) });
export type LoggedGrant = z.infer<typeof granted>;

/** undefined: it is no JSON. */
function jsonOf(detail: string): unknown {
  try {
    return JSON.parse(detail);
  } catch {
    return undefined;
  }
}

const parsed = <T>(schema: z.ZodType<T>, detail: string): T | null =>
  schema.safeParse(jsonOf(detail)).data ?? null;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every((each) => typeof each === "string");
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** null: a record of another shape. By hand: a year has a hundred thousand of them, and a schema takes most of the time of a report. */
export function readDecision({ detail }: Pick<Logged, "detail">): LoggedDecision | null {
  const read = jsonOf(detail);
  if (!isRecord(read) || typeof read["decision"] !== "string") return null;
  const { decision, title, requestedBy, triggeredBy, rules, inputs } = read;
  const facts = isRecord(inputs) ? inputs["facts"] : undefined;
  return {
    decision,
    title: textOf(title) ?? "",
    requestedBy: textOf(requestedBy),
    triggeredBy: textOf(triggeredBy),
    rules: (Array.isArray(rules) ? (rules as readonly unknown[]) : []).flatMap((rule) => {
      if (!isRecord(rule)) return [];
      const { name, verdict, enforcement, overridden } = rule;
      if (typeof name !== "string" || typeof verdict !== "string") return [];
      return [
        {
          name,
          verdict,
          enforcement: textOf(enforcement) ?? "active",
          overridden: textOf(overridden),
        },
      ];
    }),
    facts: isTexts(facts) ? facts : null,
  };
}

export function readRollback(entry: Pick<Logged, "detail" | "actor">): LoggedRollback | null {
  const read = parsed(rollback, entry.detail);
  return read === null ? null : { ...read, by: entry.actor };
}

export const readGrant = ({ detail }: Pick<Logged, "detail">): LoggedGrant | null =>
  parsed(granted, detail);
