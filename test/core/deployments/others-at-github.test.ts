import { describe, expect, it } from "vitest";
import { lastWord, newsMs } from "#core/deployments/others-at-github.ts";

const asked = 1_000_000;
const now = asked + 5_000;
const soon = now + 60_000;

describe("our yes is said last, and nobody who waits for it is waited for", () => {
  it.each([
    {
      what: "nothing else is asked of the environment",
      others: { reviewers: false, timerEndsAt: null },
      said: { kind: "now" },
    },
    {
      what: "GitHub asks its reviewers",
      others: { reviewers: true, timerEndsAt: null },
      isAsked: true,
      said: { kind: "not_yet", waitsFor: "reviewers", at: null },
    },
    {
      what: "GitHub asks its reviewers, long ago",
      others: { reviewers: true, timerEndsAt: null },
      isAsked: true,
      at: asked + 86_400_000,
      said: { kind: "not_yet", waitsFor: "reviewers", at: null },
    },
    {
      what: "it asks its reviewers and the timer runs",
      others: { reviewers: true, timerEndsAt: soon },
      isAsked: true,
      said: { kind: "not_yet", waitsFor: "reviewers", at: null },
    },
    {
      what: "that it asks its reviewers may be on its way",
      others: { reviewers: true, timerEndsAt: null },
      said: { kind: "not_yet", waitsFor: "news", at: asked + newsMs },
    },
    {
      what: "it asks its reviewers only after us, or the news is lost",
      others: { reviewers: true, timerEndsAt: null },
      at: asked + newsMs,
      said: { kind: "blind" },
    },
    {
      what: "that news is lost, and the timer runs",
      others: { reviewers: true, timerEndsAt: asked + newsMs + 1 },
      at: asked + newsMs,
      said: { kind: "not_yet", waitsFor: "timer", at: asked + newsMs + 1 },
    },
    {
      what: "the timer runs",
      others: { reviewers: false, timerEndsAt: soon },
      said: { kind: "not_yet", waitsFor: "timer", at: soon },
    },
    {
      what: "the timer has run out",
      others: { reviewers: false, timerEndsAt: now },
      said: { kind: "now" },
    },
    { what: "GitHub does not tell", others: null, said: { kind: "blind" } },
  ])("$what", ({ others, isAsked = false, at = now, said }) => {
    expect(lastWord(others, isAsked, asked, at)).toEqual(said);
  });
});
