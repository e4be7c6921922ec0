import type { WrittenForm } from "./time-form.ts";
import type { WrittenTimes } from "./schema.ts";

/** A calendar file that a policy names, and where it names it. */
export interface CalendarFile {
  readonly path: string;
  readonly namedAt: readonly (string | number)[];
}

/** A form and where it stands; a single form stands where its list would. */
export interface PlacedForm {
  readonly form: WrittenForm;
  readonly at: readonly (string | number)[];
}

export function placedForms(
  times: WrittenForm | readonly WrittenForm[],
  at: readonly (string | number)[],
): readonly PlacedForm[] {
  return isList(times)
    ? times.map((form, index) => ({ form, at: [...at, index] }))
    : [{ form: times, at }];
}

function isList(times: WrittenForm | readonly WrittenForm[]): times is readonly WrittenForm[] {
  return Array.isArray(times);
}

/** Every calendar file that a policy names, so that they can be read before it is compiled. */
export function calendarFiles(times: WrittenTimes): readonly CalendarFile[] {
  const forms = [
    ...Object.entries(times.windows ?? {}).flatMap(([name, window]) =>
      placedForms(window.open, ["windows", name, "open"]),
    ),
    ...(times.freezes ?? []).flatMap((freeze, index) =>
      placedForms(freeze.during, ["freezes", index, "during"]),
    ),
  ];
  return [
    ...Object.entries(times.calendars ?? {}).flatMap(([name, { ics }]) =>
      ics === undefined ? [] : [{ path: ics, namedAt: ["calendars", name, "ics"] }],
    ),
    ...forms.flatMap(({ form, at }) =>
      form.ics === undefined ? [] : [{ path: form.ics, namedAt: [...at, "ics"] }],
    ),
  ];
}
