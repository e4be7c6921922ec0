import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, read, root } from "./repository.ts";

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
const anchors = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

function broken(page: string): readonly string[] {
  const links = [
    ...read(page)
      .replace(/^```[\s\S]*?^```/gm, "")
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^(?:https?:|mailto:)/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#", 2);
      const target = file === "" ? page : join(dirname(page), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith(".md") && !anchors(target).includes(anchor);
    });
}

describe("links in documents", () => {
  it.each(pages())("%s leads only to what is there", (page) => {
    expect(broken(page)).toEqual([]);
  });
});
