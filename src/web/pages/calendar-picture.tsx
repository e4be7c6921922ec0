import { scaleLinear } from "d3-scale";
import { area } from "d3-shape";
import { instantOf, localOf, namedZone, utc } from "#core/calendar/zone.ts";
import { dayMs } from "#core/text/duration.ts";
import { dayOfLocal, formatDay, weekdayOf } from "#core/calendar/civil.ts";
import { utcDay, utcHour } from "d3-time";
import type { Interval } from "#core/calendar/spans.ts";
import type { CalendarView } from "#flow/pages/environment.ts";

const left = 118;
const width = 600;
const top = 24;
const row = 18;
const bar = 12;
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

interface Day {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** The local days of the calendar's zone, as instants: a day of 23 or 25 hours is one of them. */
function daysOf({ from, until, zone: name }: CalendarView): readonly Day[] {
  const zone = namedZone(name) ?? utc;
  const first = dayOfLocal(localOf(zone, from));
  const count = utcDay.count(new Date(from), new Date(until));
  return Array.from({ length: count }, (_, index) => {
    const day = first + index;
    return {
      label: `${weekdays[weekdayOf(day)] ?? ""} ${formatDay(day)}`,
      start: instantOf(zone, day * dayMs, "first"),
      end: instantOf(zone, (day + 1) * dayMs, "first"),
    };
  });
}

const Bars = ({
  day,
  y,
  spans,
  kind,
  title,
}: {
  readonly day: Day;
  readonly y: number;
  readonly spans: readonly Interval[];
  readonly kind: "open" | "freeze" | "holiday";
  readonly title: string;
}) => {
  const x = scaleLinear([day.start, day.end], [left, left + width]).clamp(true);
  const outline = area<number>()
    .x((at) => x(at))
    .y0(y)
    .y1(y + (kind === "holiday" ? bar / 3 : bar));
  return (
    <>
      {spans
        .filter(({ start, end }) => start < day.end && end > day.start)
        .map(({ start, end }) => (
          <path class={kind} d={outline([start, end]) ?? ""}>
            <title>{title}</title>
          </path>
        ))}
    </>
  );
};

const Legend = () => (
  <ul class="legend">
    {(
      [
        ["open", "open"],
        ["freeze", "frozen"],
        ["holiday", "holiday"],
      ] as const
    ).map(([kind, word]) => (
      <li>
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <rect class={kind} width="10" height="10" />
        </svg>
        {word}
      </li>
    ))}
    <li>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <line class="now" x1="5" x2="5" y1="0" y2="10" />
      </svg>
      now
    </li>
  </ul>
);

/** The coming weeks, a row a day; the table beside it says the same in words. */
export const CalendarPicture = ({ calendar }: { readonly calendar: CalendarView }) => {
  const days = daysOf(calendar);
  const height = top + days.length * row + 4;
  const [first] = days;
  if (first === undefined) return null;
  const hours = scaleLinear([0, 24], [left, left + width]);
  const ticks = utcHour
    .every(6)
    ?.range(new Date(0), new Date(dayMs + 1))
    .map((at) => at.getTime() / (dayMs / 24));
  const now = scaleLinear([first.start, first.end], [left, left + width]).clamp(true)(
    calendar.from,
  );
  return (
    <>
      <Legend />
      <svg
        viewBox={`0 0 ${left + width + 20} ${height}`}
        role="img"
        aria-label={`Openings and freezes of the coming weeks, in ${calendar.zone}; the table below says the same`}
      >
        {(ticks ?? []).map((hour) => (
          <>
            <line class="grid" x1={hours(hour)} x2={hours(hour)} y1={top - 4} y2={height} />
            <text x={hours(hour)} y={top - 8} text-anchor="middle">
              {String(hour).padStart(2, "0")}:00
            </text>
          </>
        ))}
        {days.map((day, index) => {
          const y = top + index * row;
          return (
            <>
              <text x="0" y={y + bar - 1}>
                {day.label}
              </text>
              <rect class="day" x={left} y={y} width={width} height={bar} />
              <Bars day={day} y={y} spans={calendar.openings} kind="open" title="open" />
              {calendar.freezes.map(({ name, on }) => (
                <Bars day={day} y={y} spans={on} kind="freeze" title={`freeze ${name}`} />
              ))}
              {calendar.holidays.map((holiday) => (
                <Bars day={day} y={y} spans={[holiday]} kind="holiday" title={holiday.name} />
              ))}
            </>
          );
        })}
        <line class="now" x1={now} x2={now} y1={top - 4} y2={top + row} />
      </svg>
    </>
  );
};
