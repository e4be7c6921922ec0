import { z } from "zod";

/** One question to the gate, by the caller who shows `bearer`. */
export interface GateQuestion {
  readonly repository: string;
  readonly sha: string;
  readonly environment: string;
  readonly ref?: string;
  readonly digest?: string;
}

/** As much of the gate's answer as is acted upon. */
const answerShape = z.looseObject({
  decision: z.enum(["allow", "deny", "hold"]),
  title: z.string(),
  until: z.string().nullable(),
  valid_until: z.string().nullable(),
  url: z.string().nullable(),
  rules: z.array(
    z.looseObject({
      name: z.string(),
      verdict: z.string(),
      enforcement: z.string(),
      found: z.string(),
      next: z.string(),
    }),
  ),
});
export type GateReply = z.infer<typeof answerShape>;

const refusalShape = z.looseObject({
  message: z.string().optional(),
  next: z.string().optional(),
  problems: z.array(z.looseObject({ field: z.string(), message: z.string() })).optional(),
});

/**
 * - `answered`: by the gate. - `refused`: it will not answer this, however often it is asked.
 * - `unanswered`: ask again after `afterMs`; nothing is allowed meanwhile.
 */
export type Asked =
  | { readonly kind: "answered"; readonly reply: GateReply }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "unanswered"; readonly because: string; readonly afterMs: number };

/** The network may take so long beside what the gate holds. */
const slackMs = 30_000;
const againMs = 5_000;
const longestPauseMs = 120_000;

function pauseOf(headers: Headers): number {
  const seconds = Number(headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1000, longestPauseMs)
    : againMs;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text()) as unknown;
  } catch {
    return null;
  }
}

/** Asks once; the gate holds its answer for at most `waitSeconds`. Only a 200 that says so is an answer. */
export async function askOnce(
  root: string,
  bearer: string,
  question: GateQuestion,
  waitSeconds: number,
): Promise<Asked> {
  let response: Response;
  try {
    response = await fetch(`${root}/api/v1/gate?wait=${waitSeconds}`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify(question),
      // The token is for this address and for no other.
      redirect: "error",
      signal: AbortSignal.timeout(waitSeconds * 1000 + slackMs),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      kind: "unanswered",
      because: `${root} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
      afterMs: againMs,
    };
  }
  const body = await jsonOf(response);
  if (response.status === 200) {
    const reply = answerShape.safeParse(body);
    return reply.success
      ? { kind: "answered", reply: reply.data }
      : {
          kind: "unanswered",
          because: `${root} answered something that is no answer of the gate`,
          afterMs: againMs,
        };
  }
  const said = refusalShape.safeParse(body).data;
  const problems = (said?.problems ?? []).map(({ field, message }) => `${field}: ${message}`);
  const because = `${response.status} ${[said?.message, ...problems].filter((each) => each !== undefined).join("; ") || "without a reason"}${said?.next === undefined ? "" : ` Next: ${said.next}`}`;
  return response.status === 429 || response.status >= 500
    ? { kind: "unanswered", because, afterMs: pauseOf(response.headers) }
    : { kind: "refused", because };
}

/** GitHub's token of the job that runs this, for the gate alone; a new one for each question, for it is good for minutes. */
export async function jobToken(
  asking: { readonly url: string; readonly bearer: string },
  audience: string,
): Promise<string> {
  const address = new URL(asking.url);
  address.searchParams.set("audience", audience);
  const response = await fetch(address, {
    headers: { authorization: `Bearer ${asking.bearer}`, accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(slackMs),
  });
  const told = z.looseObject({ value: z.string() }).safeParse(await jsonOf(response));
  if (!response.ok || !told.success)
    throw new Error(`GitHub gave the job no token (${response.status})`);
  return told.data.value;
}
