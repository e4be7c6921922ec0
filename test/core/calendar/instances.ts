import { icsReader, readIcs } from "#core/calendar/ics.ts";
import type { Role } from "#core/calendar/source.ts";
import { namedZone } from "#core/calendar/zone.ts";
import { ms } from "./a-schedule.ts";

function zone(id: string) {
  const found = namedZone(id);
  if (found === undefined) throw new Error(id);
  return found;
}

const short = (at: number): string => new Date(at).toISOString().replace(":00.000Z", "Z");

/** The instances of a file in a stretch of time, ascending, zero-length ones left out. */
export function instances(
  text: string,
  {
    policyZone = "Europe/Berlin",
    role = "closes",
    from = "2000-01-01T00:00:00Z",
    until = "2030-01-01T00:00:00Z",
  }: { policyZone?: string; role?: Role; from?: string; until?: string } = {},
): readonly string[] {
  const found: [number, number][] = [];
  icsReader(readIcs(text), zone(policyZone))
    .sourceFor(role)
    .fill(
      ms(from),
      ms(until),
      (start, end) => {
        if (start < end && start < ms(until) && end > ms(from)) found.push([start, end]);
      },
      { left: Number.POSITIVE_INFINITY },
    );
  return found
    .sort(([left], [right]) => left - right)
    .map(([start, end]) => `${short(start)}/${short(end)}`);
}
