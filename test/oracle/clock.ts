import { Temporal } from "temporal-polyfill";
import { any, no, unjudged, yes, type Answer } from "./answer.ts";
import { docOf, listOf, otherKeys, textOf, textsOf, type Doc } from "./doc.ts";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const minutesOf = (time: unknown): number | undefined => {
  const match = /^(\d{1,2}):(\d{2})$/.exec(String(time));
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
};

/** Whether a clock change is near: what is ambiguous there is the calendar's own tests' business. */
function isNearChange(at: Temporal.ZonedDateTime): boolean {
  const around = [-1, 1].map((sign) => at.add({ hours: 27 * sign }).offsetNanoseconds);
  return around.some((offset) => offset !== at.offsetNanoseconds);
}

/** Whether an instant is inside one form of time. */
function isInside(form: Doc, zone: string, now: number): Answer {
  const at = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  if (isNearChange(at)) return unjudged("a clock change is near");
  const local = at.toPlainDateTime();
  if (form["days"] !== undefined && otherKeys(form, ["days", "from", "to"]).length === 0) {
    const [from, to] = [minutesOf(form["from"] ?? "00:00"), minutesOf(form["to"] ?? "24:00")];
    if (from === undefined || to === undefined) return unjudged("a time of day");
    const minute = local.hour * 60 + local.minute;
    const today = days[local.dayOfWeek - 1] ?? "";
    const yesterday = days[(local.dayOfWeek + 5) % 7] ?? "";
    const on = textsOf(form["days"]).map((one) => one.toLowerCase());
    const isIn =
      to > from
        ? on.includes(today) && minute >= from && minute < to
        : (on.includes(today) && minute >= from) || (on.includes(yesterday) && minute < to);
    return isIn ? yes() : no("outside of the hours");
  }
  if (form["from"] !== undefined && otherKeys(form, ["from", "until"]).length === 0) {
    try {
      const [from, until] = [form["from"], form["until"]].map((one) =>
        Temporal.PlainDateTime.from(String(one)),
      );
      if (from === undefined || until === undefined) return unjudged("an interval");
      const isIn =
        Temporal.PlainDateTime.compare(local, from) >= 0 &&
        Temporal.PlainDateTime.compare(local, until) < 0;
      return isIn ? yes() : no("outside of the interval");
    } catch {
      return unjudged("an interval");
    }
  }
  return unjudged(`a form of time: ${Object.keys(form).join(", ")}`);
}

function isOpen(policy: Doc, name: string, now: number): Answer {
  const window = docOf(docOf(policy["windows"])[name]);
  const zone = textOf(window["timezone"]);
  if (zone === undefined) return unjudged(`window ${name}`);
  if (listOf(window["except"]).length > 0) return unjudged("a calendar");
  return any(listOf(window["open"]).map((form) => isInside(docOf(form), zone, now)));
}

/** Whether a freeze of a policy is on, wherever it may reach. */
export function isOn(freeze: Doc, now: number): Answer {
  if (freeze["enforcement"] === "disabled" || freeze["enforcement"] === "evaluate")
    return no("off");
  const zone = textOf(freeze["timezone"]);
  if (zone === undefined) return unjudged("a freeze without a zone");
  return any(listOf(freeze["during"]).map((form) => isInside(docOf(form), zone, now)));
}

/** Whether one of the named windows is open. */
export const isOpenNow = (policy: Doc, windows: readonly string[], now: number): Answer =>
  any(windows.map((name) => isOpen(policy, name, now)));
