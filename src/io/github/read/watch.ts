import type { Meter } from "#core/ports/system.ts";
import type { Breaker } from "../client/breaker.ts";
import { noteCall } from "../client/call-tally.ts";
import type { OutageWatch } from "../client/outage.ts";
import {
  type Answer,
  answerIn,
  headerOf,
  type Layer,
  NoAnswer,
  requestOptions,
  unwrapped,
} from "./layer.ts";
import { installationOf } from "../client/requests.ts";
import type { ServerTime } from "../client/server-time.ts";

export interface Watched {
  readonly breaker: Breaker;
  readonly outage: OutageWatch;
  readonly time: ServerTime;
  readonly meter: Meter;
}

/** Each exchange is measured, tells GitHub's time, and tells whether GitHub answers at all, and properly. */
export function watching({ breaker, outage, time, meter }: Watched): Layer {
  return async (send, asked) => {
    const { as, lane: api } = requestOptions(asked);
    const { method } = asked;
    const where = asked.url.split("?", 1)[0] ?? "";
    const note = ({ status, headers }: Answer): void => {
      breaker.answered();
      outage.note(api, where, status >= 500);
      time.observe(headerOf(headers, "date"));
      meter.count("github_requests_total", { api, method, status: String(status) });
      const left = headerOf(headers, "x-ratelimit-remaining");
      const installation = installationOf(as);
      if (left !== null && installation !== null)
        meter.observe("github_rate_remaining", Number(left), { installation, api });
    };
    const from = performance.now();
    breaker.pass();
    // Tokens are our own doing and live for an hour: a piece of work is not charged for them.
    if (as.kind === "installation") noteCall();
    try {
      const answer = await send(asked);
      note(answer);
      return answer;
    } catch (error) {
      const answer = answerIn(error);
      const reason = unwrapped(error);
      if (answer !== undefined) note(answer);
      else if (reason instanceof NoAnswer) {
        breaker.silent();
        outage.note(api, where, true);
        const status = reason.timedOut ? "timeout" : "broken";
        meter.count("github_requests_total", { api, method, status });
      } else breaker.answered();
      throw error;
    } finally {
      meter.observe("github_request_seconds", (performance.now() - from) / 1000, { api });
    }
  };
}
