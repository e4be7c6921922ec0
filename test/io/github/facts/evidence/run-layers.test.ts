import { describe, expect, it } from "vitest";
import type { Artifact } from "#io/github/facts/evidence/artifacts.ts";
import { layersOf } from "#io/github/facts/evidence/run-layers.ts";

/** `1 push junit`: run 1 by push uploaded it. */
const uploaded = (text: string): Artifact => {
  const [id = "", event = "", name = "", workflow = "ci"] = text.split(" ");
  return {
    id: 1,
    name,
    bytes: 1,
    expired: false,
    digest: null,
    createdAt: null,
    run: {
      id: Number(id),
      name: workflow,
      path: null,
      workflow,
      event,
      sha: "a",
      status: "completed",
      conclusion: "success",
      attempt: 1,
      startedAt: 0,
      updatedAt: 0,
      url: null,
      repository: 1,
      headRepository: undefined,
      called: [],
    },
  };
};

describe("measurements of the whole", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["one run is one", ["1 push junit-a", "1 push junit-b"], ["1a 1b"]],
    ["a run that tested another part adds it", ["1 pr junit-a", "2 pr junit-b"], ["1a 2b"]],
    [
      "one that tested a part again measures again",
      ["1 pr junit-a", "1 pr junit-b", "2 pr junit-a"],
      ["1b 2a", "1a 1b"],
    ],
    ["numbers and ids name no part", ["1 pr junit-1-a", "2 pr junit-2-a"], ["2a", "1a"]],
    [
      "shards are no parts of their own",
      ["1 pr s-1", "1 pr s-2", "2 pr s-1"],
      ["2s-1", "1s-1 1s-2"],
    ],
    ["another event measures the whole", ["1 push junit-a", "2 pr junit-b"], ["1a", "2b"]],
    [
      "each with every other workflow",
      ["1 push junit-a", "2 pr junit-a", "3 push junit-b other"],
      ["1a 3b", "2a 3b"],
    ],
  ])("%s", (_title, artifacts, layers) => {
    expect(
      layersOf(artifacts.map(uploaded)).map((layer) =>
        layer.map(({ run, name }) => `${run.id}${name.replace(/^junit-(?:\d-)?/u, "")}`).join(" "),
      ),
    ).toEqual(layers);
  });
});
