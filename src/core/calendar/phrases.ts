import { dayOfLocal, formatLocal, weekdayOf } from "./civil.ts";
import { localOf, type Zone } from "./zone.ts";

const weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** Hostile text (a summary, a broken line) as letters, digits and harmless punctuation: nothing of it can mention, link or format. */
export function plain(text: string, longest = 80): string {
  const letters = text
    .slice(0, longest * 4)
    .replaceAll(/[^\p{L}\p{M}\p{N} .,:;=+/'()-]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return letters.length <= longest ? letters : `${letters.slice(0, longest - 1).trimEnd()}…`;
}

/** `Mon 2026-03-30 09:00 Europe/Berlin` */
export function zonedText(instant: number, zone: Zone): string {
  const local = localOf(zone, instant);
  return `${weekdayNames[weekdayOf(dayOfLocal(local))] ?? ""} ${formatLocal(local)} ${zone.id}`;
}

/** Why nobody can tell, and who can change that. */
export const repairable = (why: string): string =>
  `${why}; a maintainer of the policy repairs that, or takes it out of the policy`;
