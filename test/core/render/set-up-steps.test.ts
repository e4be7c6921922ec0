import { describe, expect, it } from "vitest";
import { askBeforeDeploying, installUrl, requireCheck } from "#core/render/set-up-steps.ts";

const place = { webUrl: "https://github.com", appId: 7 };
const own = { webUrl: "https://ghe.example:8443", appId: 7 };

describe("what an administrator has to do", () => {
  it("requires the check from this App, by page or by command", () => {
    const { text, url, command } = requireCheck(place, "acme/shop", "main", {
      kind: "missing",
      like: null,
    });
    expect(text).toContain("main does not require the check gatehouse");
    expect(url).toBe("https://github.com/acme/shop/settings/rules/new?target=branch");
    const [, body = "", rest] = /^echo '(.+)' \| (.+)$/.exec(command ?? "") ?? [];
    expect(rest).toBe("gh api repos/acme/shop/rulesets --method POST --input -");
    expect(JSON.parse(body)).toMatchObject({
      target: "branch",
      enforcement: "active",
      rules: [
        {
          type: "required_status_checks",
          parameters: { required_status_checks: [{ context: "gatehouse", integration_id: 7 }] },
        },
      ],
    });
  });

  it("names the server where it is none of GitHub's own", () => {
    expect(requireCheck(own, "acme/shop", "main", null).command).toContain(
      "| gh api --hostname ghe.example:8443 repos/acme/shop/rulesets",
    );
  });

  it("lets no name of an environment out of its quotes", () => {
    expect(askBeforeDeploying(place, "acme/shop", "it's /live").command).toBe(
      "gh api 'repos/acme/shop/environments/it'\\''s%20%2Flive/deployment_protection_rules' --method POST -F integration_id=7",
    );
  });

  it.each([
    ["https://github.com", "https://github.com/apps/gate/installations/new"],
    ["https://acme.ghe.com", "https://acme.ghe.com/apps/gate/installations/new"],
    ["https://ghe.example", "https://ghe.example/github-apps/gate/installations/new"],
  ])("installs it at %s", (webUrl, url) => {
    expect(installUrl(webUrl, "gate")).toBe(url);
  });
});
