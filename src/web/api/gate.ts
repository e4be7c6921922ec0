import type { Context, Hono } from "hono";
import type { Gate } from "#flow/outside/gate.ts";
import type { GateRefusal } from "#flow/outside/refusal.ts";
import type { PageEnv } from "../http/environment.ts";

type C = Context<PageEnv>;

/** A question is a few hundred bytes. */
const mostBytes = 16 * 1024;
/** Proxies cut off what is silent for much longer. */
const longestWaitSeconds = 600;

/** Each refusal in the status and words of the API, with what to do next; nobody but a known caller learns anything of a repository. */
function refused(c: C, refusal: GateRefusal): Response {
  const said = (
    status: 401 | 403 | 404 | 429 | 503,
    error: string,
    message: string,
    next: string,
  ) => c.json({ error, message, next }, status);
  switch (refusal.kind) {
    case "unauthorized":
      c.header("www-authenticate", 'Bearer realm="gatehouse"');
      return said(
        401,
        "unauthorized",
        "The token is of nobody that is known here, or none was sent.",
        "Send the token of a job (audience: the address of this service) or one of `gatehouse token create`: Authorization: Bearer …",
      );
    case "forbidden":
      return said(
        403,
        "forbidden",
        `This token may not ask that: ${refusal.message}.`,
        refusal.next,
      );
    case "not_governed":
      return said(
        404,
        "not_governed",
        "There is no such repository here, or no policy governs it, or nothing waits for the answer any more. Nothing is allowed.",
        "Look whether the name is right, whether the App is installed on the repository, and whether it has a policy; a run that is over asks anew.",
      );
    case "invalid":
      return c.json(
        {
          error: "invalid",
          problems: refusal.problems,
          next: "Correct the fields that the problems name, and ask again.",
        },
        422,
      );
    case "too_many":
      c.header("retry-after", String(refusal.seconds));
      return said(
        429,
        "too_many",
        "Too many questions at once, or in this minute. Nothing is allowed.",
        `Ask again in ${refusal.seconds} seconds. ${refusal.next}`,
      );
    case "unavailable":
      c.header("retry-after", String(refusal.seconds));
      return said(
        503,
        "unavailable",
        "The question could not be judged now. Nothing is allowed.",
        `Ask again in ${refusal.seconds} seconds, and deploy nothing meanwhile.`,
      );
  }
}

/** `wait` of the address in ms; null: it is no time. */
function waitOf(c: C): number | null {
  const text = c.req.query("wait");
  if (text === undefined) return 0;
  return /^\d{1,3}$/.test(text) && Number(text) <= longestWaitSeconds ? Number(text) * 1000 : null;
}

async function bodyOf(c: C): Promise<{ readonly text: string; readonly json: unknown }> {
  const text = await c.req.text();
  try {
    return { text, json: JSON.parse(text) as unknown };
  } catch {
    return { text, json: undefined };
  }
}

/** `POST /api/v1/gate`: a deployer outside asks whether a commit may go to an environment. */
export function addGate(site: Hono<PageEnv>, gate: Gate): void {
  site.post("/api/v1/gate", async (c) => {
    const { text, json } = await bodyOf(c);
    if (text.length > mostBytes)
      return c.json(
        {
          error: "too_large",
          message: "A question has at most 16 KiB.",
          next: "Ask with repository, sha, environment, and ref and digest where they are meant; nothing else belongs into it.",
        },
        413,
      );
    const reply = await gate.ask({
      shown: /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1],
      body: json,
      waitMs: waitOf(c),
      gone: c.req.raw.signal,
      origin: c.get("origin"),
    });
    return reply.kind === "answer" ? c.json(reply.answer) : refused(c, reply);
  });
}
