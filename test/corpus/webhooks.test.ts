import { expect, it } from "vitest";
import { parseEvent } from "#core/events/parse-event.ts";
import { touches } from "#core/events/touches.ts";
import { corpusText } from "./folder.ts";

it("reads the recorded request of a deployment protection rule", () => {
  const event = parseEvent(
    "deployment_protection_rule",
    JSON.parse(corpusText("webhooks/deployment_protection_rule-requested.json")),
  );
  expect(event?.deployment).toMatchObject({
    id: 4189575565,
    environment: "release",
    ref: "main",
    runId: 23625057533,
  });
  expect(event && touches(event, { appId: 7 })).toEqual([
    {
      kind: "gate",
      asked: {
        environment: "release",
        runId: 23625057533,
        deployment: { id: 4189575565, sha: event?.deployment?.sha, ref: "main" },
      },
    },
  ]);
});
