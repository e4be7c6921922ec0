/** A description as its readers see it: what a template, or its author, put into an HTML comment is shown to nobody. */
export function withoutComments(body: string): string {
  let rest = body;
  let visible = "";
  for (;;) {
    const start = rest.indexOf("<!--");
    if (start < 0) return visible + rest;
    visible += `${rest.slice(0, start)} `;
    const end = rest.indexOf("-->", start + 4);
    if (end < 0) return visible;
    rest = rest.slice(end + 3);
  }
}
