import { namedZone } from "./zone.ts";

function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[right.length] ?? 0;
}

/** The IANA zone whose name, or last part, is nearest to what was written; undefined when nothing is near. */
export function nearestZone(written: string): string | undefined {
  if (written.length > 64) return undefined;
  const wanted = written.toLowerCase().replaceAll(" ", "_");
  let best: { readonly name: string; readonly steps: number } | undefined;
  for (const name of Intl.supportedValuesOf("timeZone")) {
    const lower = name.toLowerCase();
    const city = lower.slice(lower.lastIndexOf("/") + 1);
    const steps = Math.min(
      distance(wanted, lower),
      distance(wanted, city) + (wanted.includes("/") ? 4 : 0),
    );
    if (steps <= 3 && (best === undefined || steps < best.steps)) best = { name, steps };
  }
  return best?.name;
}

/** Names of offsets and not of places; those in the list are known by their cities. */
const offsetName = /^(?:[a-z]{3}|etc\/.+|gmt[+-]?0|greenwich|[+-]\d{2}(?::?\d{2})?)$/iu;
const cities: ReadonlyMap<string, string> = new Map([
  ["est", "America/New_York"],
  ["mst", "America/Denver"],
  ["hst", "Pacific/Honolulu"],
  ["gmt", "Europe/London"],
]);
/** Universal time is meant as it is, and countries of three letters are places. */
const meantSo = /^(?:(?:etc\/)?(?:utc|uct|universal|zulu)|prc|roc|rok)$/iu;
const halfYear = 182 * 86_400_000;

/** What people overlook about a zone that is valid; undefined where there is nothing. */
export function zoneWarning(written: string): string | undefined {
  const zone = namedZone(written);
  if (zone === undefined || !offsetName.test(written) || meantSo.test(written)) return undefined;
  // 2026: the offsets of the two halves of a year differ wherever there is daylight saving.
  const winter = Date.UTC(2026, 0, 1);
  if (zone.offsetAt(winter) !== zone.offsetAt(winter + halfYear)) return undefined;
  return `${written} is a fixed offset without daylight saving; name the city whose clock is meant, such as ${cities.get(written.toLowerCase()) ?? "Europe/Berlin"}, or UTC`;
}

/** Why a text cannot be a policy's zone, with the remedy; undefined when it can. */
export function zoneProblem(written: string): string | undefined {
  if (namedZone(written) !== undefined) return undefined;
  const near = nearestZone(written);
  const remedy =
    near === undefined
      ? "write an IANA name such as Europe/Berlin or UTC"
      : `did you mean ${near}?`;
  return `unknown time zone ${JSON.stringify(written.slice(0, 64))}: ${remedy}`;
}
