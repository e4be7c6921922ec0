import { instantText } from "#core/simulate/facts/input-types.ts";
import { UnusableInput } from "./answer.ts";

/** An instant given as an option, as epoch ms; undefined where it was not given. */
export function instantOption(value: unknown, option: string): number | undefined {
  if (value === undefined) return undefined;
  const read = instantText.safeParse(value);
  if (!read.success)
    throw new UnusableInput(
      `${option} ${String(value)}: ${read.error.issues[0]?.message ?? "not an instant"}`,
    );
  return read.data;
}
