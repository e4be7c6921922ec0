import { Refusal, ok } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { repoOf } from "../http/scope.ts";

/** GitHub's software bill of materials: the repository itself, and what its default branch depends on (SPDX 2.3). */
function sbom(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  if (!repo.evidence.enabled.dependencyGraph)
    throw new Refusal(404, "Dependency graph is disabled for this repository.");
  const name = `${param(call, "owner")}/${param(call, "repo")}`;
  const packages = repo.evidence.packages.map(({ name: of, version, ecosystem }, index) => ({
    SPDXID: `SPDXRef-${ecosystem}-${index + 1}`,
    name: of,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    externalRefs: [
      {
        referenceCategory: "PACKAGE-MANAGER",
        referenceType: "purl",
        referenceLocator: `pkg:${ecosystem}/${of}@${version}`,
      },
    ],
  }));
  return ok({
    sbom: {
      SPDXID: "SPDXRef-DOCUMENT",
      spdxVersion: "SPDX-2.3",
      creationInfo: {
        created: new Date(call.world.now()).toISOString(),
        creators: ["Tool: GitHub.com-Dependency-Graph"],
      },
      name: `com.github.${name}`,
      dataLicense: "CC0-1.0",
      documentNamespace: `https://spdx.org/spdxdocs/protobom/${repo.id}`,
      packages: [
        {
          SPDXID: "SPDXRef-Repository",
          name: `com.github.${name}`,
          versionInfo: repo.defaultBranch,
          downloadLocation: `git+https://github.com/${name}`,
          filesAnalyzed: false,
        },
        ...packages,
      ],
      relationships: [],
    },
  });
}

export const sbomRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/dependency-graph/sbom",
    permission: "contents:read",
    handle: sbom,
  },
];
