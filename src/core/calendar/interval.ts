import { occurrenceOfEnd, type Role, type Source, occurrenceOfStart } from "./source.ts";
import { instantOf, type Zone } from "./zone.ts";

/** [from, until) in local date-times. */
export function intervalSource(
  form: { readonly from: number; readonly until: number },
  zone: Zone,
  role: Role,
): Source {
  const start = instantOf(zone, form.from, occurrenceOfStart[role]);
  const end = instantOf(zone, form.until, occurrenceOfEnd[role]);
  return {
    fill: (_from, _until, add) => {
      add(start, end);
      return undefined;
    },
  };
}

/** [from, until) in instants, as a recorded freeze has them; no `until` means until further notice. */
export function instantsSource(from: number, until: number | undefined): Source {
  return {
    fill: (_from, _until, add) => {
      add(from, until ?? Number.POSITIVE_INFINITY);
      return undefined;
    },
  };
}
