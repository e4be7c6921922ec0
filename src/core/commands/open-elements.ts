/** Elements that have no content, or whose end may be left out: they hold nothing together. */
const neverOpen = new Set(
  "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th tbody thead tfoot option optgroup colgroup caption rt rp".split(
    " ",
  ),
);

/** Elements of HTML. GitHub leaves out the tags of others and shows their content, `Map<string>` for one. */
const known = new Set(
  "a abbr address article aside audio b bdi bdo big blockquote body button canvas center cite code data datalist del details dfn dialog div dl em fieldset figcaption figure font footer form frameset g h1 h2 h3 h4 h5 h6 head header hgroup html i iframe ins kbd label legend listing main map mark marquee math menu meter nav noembed noframes noscript object ol output picture plaintext pre progress q ruby s samp script search section select slot small span strike strong style sub summary sup svg table template textarea time title tt u ul var video xmp".split(
    " ",
  ),
);

/** Instructions, CDATA, declarations, comments without an end or with an odd one: where these end, parsers do not agree. */
const odd = /<[!?]/;
const oddComment = /^-?>|--!>|^-->/;
/** The end of a tag that is never closed is missing: what follows belongs to it, whatever its name. */
const tag = /<(\/?)([A-Za-z][A-Za-z0-9-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)(>?)/g;

/** By hand: an expression that looks for each end from every beginning takes seconds on a comment of beginnings. */
function withoutComments(html: string): string {
  let kept = "";
  let from = 0;
  for (;;) {
    const begin = html.indexOf("<!--", from);
    const end = begin < 0 ? -1 : html.indexOf("-->", begin + 4);
    if (end < 0) return kept + html.slice(from);
    const isOdd = oddComment.test(html.slice(begin + 4, end + 3));
    kept += html.slice(from, isOdd ? end + 3 : begin);
    from = end + 3;
  }
}

/** Stands for what nothing closes any more. */
const forEver = "";

export interface OpenElements {
  /** Raw HTML: a block of it, or one tag inside a paragraph. */
  readonly read: (html: string) => void;
  readonly areNone: () => boolean;
}

/**
 * Which HTML elements are open at a place of a comment: what stands in one is shown as somebody else's words, as code,
 * folded away, or not at all. An element is closed by its own tag only, when it is the innermost one.
 */
export function createOpenElements(): OpenElements {
  const open: string[] = [];
  const read = (html: string): void => {
    for (const [, slash, written = "", attributes = "", end] of html.matchAll(tag)) {
      const name = written.toLowerCase();
      if (end === "") open.push(forEver);
      else if (!known.has(name) || neverOpen.has(name)) continue;
      else if (slash === "") open.push(name);
      else if (open.at(-1) === name && attributes.trim() === "") open.pop();
    }
  };
  const readRaw = (html: string): void => {
    const rest = withoutComments(html);
    if (odd.test(rest)) open.push(forEver);
    read(rest);
  };
  return { read: readRaw, areNone: () => open.length === 0 };
}
