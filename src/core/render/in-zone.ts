import { zonedText } from "#core/calendar/phrases.ts";
import { instantOf, namedZone, type Zone } from "#core/calendar/zone.ts";
import { instant } from "#core/text/time.ts";

/** What is quoted stays as it was written; an instant with its zone, as rules say it: `Mon 2026-03-30 09:00 Europe/Berlin`. */
const quotedOrInstant =
  /"[^"]*"|(?:\b(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) )?\b(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}(?::\d{2})?) ([A-Z][A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*)/g;

/** An instant (epoch ms) on the clock of a zone, UTC in brackets: `Mon 2026-03-30 09:00 Europe/Berlin (07:00 UTC)`. */
function inBoth(at: number, zone: Zone): string {
  const local = zonedText(at, zone);
  const utc = instant(at);
  return `${local} (${local.includes(utc.slice(0, 10)) ? utc.slice(11) : utc})`;
}

const isUtc = (zone: Zone): boolean => /^(?:Etc\/)?(?:UTC|GMT)$/.test(zone.id);

/** undefined: no such zone, no such day, or a clock that shows this time twice. */
function instantIn(zone: Zone, day: string, time: string): number | undefined {
  const local = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(local)) return undefined;
  const first = instantOf(zone, local, "first");
  return first === instantOf(zone, local, "second") ? first : undefined;
}

/** The same text with every instant on the clock of one zone, so that a reader compares like with like. */
export function inZone(text: string, name: string | undefined): string {
  const zone = name === undefined ? undefined : namedZone(name);
  if (zone === undefined || isUtc(zone)) return text;
  return text.replace(quotedOrInstant, (all, day?: string, time?: string, written?: string) => {
    const from = written === undefined ? undefined : namedZone(written);
    if (from === undefined || day === undefined || time === undefined) return all;
    const at = instantIn(from, day, time);
    return at === undefined ? all : inBoth(at, zone);
  });
}
