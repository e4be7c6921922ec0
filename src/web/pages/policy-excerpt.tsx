import type { PolicyLines } from "#flow/pages/policy-lines.ts";
import { OutLink } from "../layout/parts.tsx";

/** The lines of a policy that say a rule. */
export const PolicyExcerpt = ({ lines }: { readonly lines: PolicyLines }) => (
  <details>
    <summary>
      Policy: {lines.file},{" "}
      {lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}–${lines.to}`}
    </summary>
    <pre tabindex={0} role="region" aria-label={`Lines of ${lines.file}`}>
      <code>{lines.text}</code>
    </pre>
    {lines.url === null ? null : (
      <p class="small">
        <OutLink url={lines.url}>These lines at GitHub</OutLink>
      </p>
    )}
  </details>
);
