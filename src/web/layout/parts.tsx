import { instant, span } from "#core/text/time.ts";

/** An instant that people and machines read. */
export const Time = ({ at }: { readonly at: number }) => (
  <time datetime={new Date(at).toISOString()}>{instant(at)}</time>
);

/** How long ago, or in how long; the instant itself with it. */
export const Ago = ({ at, now }: { readonly at: number; readonly now: number }) => (
  <>
    {at <= now ? `${span(now - at)} ago` : `in ${span(at - now)}`} (<Time at={at} />)
  </>
);

const answers: Readonly<Record<string, readonly [string, string]>> = {
  allow: ["pass", "Allowed"],
  approve: ["pass", "Approved"],
  approved: ["pass", "Approved"],
  deny: ["fail", "Denied"],
  reject: ["fail", "Rejected"],
  rejected: ["fail", "Rejected"],
  wait: ["wait", "Waiting"],
  hold: ["wait", "Held"],
  pass: ["pass", "✓ Passes"],
  fail: ["fail", "✗ Fails"],
  pending: ["wait", "○ Pending"],
  unknown: ["wait", "? Unknown"],
  overridden: ["wait", "Overridden"],
  skipped: ["plain", "Does not apply"],
  frozen: ["wait", "Frozen now"],
};

/** An answer or a verdict as a word; the colour only repeats it. */
export const Label = ({ of, word }: { readonly of: string; readonly word?: string }) => {
  const [look, said] = answers[of] ?? ["plain", of];
  return <span class={`label ${look}`}>{word ?? said}</span>;
};

/** Words of a rule, in which code stands between backticks. */
export const Words = ({ of }: { readonly of: string }) => (
  <>
    {of
      .split(/(`[^`]+`)/)
      .map((part) =>
        part.length > 2 && part.startsWith("`") && part.endsWith("`") ? (
          <code>{part.slice(1, -1)}</code>
        ) : (
          part
        ),
      )}
  </>
);

/** A link out of a record: only plain http(s) addresses become one. Hostile input. */
export const OutLink = ({
  url,
  children,
}: {
  readonly url: string | null | undefined;
  readonly children: string;
}) =>
  url !== null && url !== undefined && /^https?:\/\/[^\s<>"'`\\]+$/.test(url) ? (
    <a href={url} rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <>{children}</>
  );
