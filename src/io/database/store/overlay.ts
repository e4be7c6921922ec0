import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Store } from "#core/ports/store.ts";

const rowKey = ({ deploymentId, environment }: DeploymentRow): string =>
  `${deploymentId}:${environment}`;

/** Newest first, each deployment once: what was learned on the way wins over what is below. */
function together(
  above: readonly DeploymentRow[],
  below: readonly DeploymentRow[],
): readonly DeploymentRow[] {
  const rows = new Map([...below, ...above].map((row) => [rowKey(row), row]));
  return [...rows.values()].sort(
    (a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId,
  );
}

/** A store that reads through to `below` and keeps everything that is written in `above`, which nobody else sees: `below` stays as it is. */
export function overlayStore(above: Store, below: Store): Store {
  const { records, deployments } = below;
  return {
    ...above,
    acts: { ...below.acts, add: above.acts.add },
    tickets: {
      ...below.tickets,
      save: above.tickets.save,
      change: async (repository, key, change) => {
        const known = await below.tickets.row(repository, key);
        return above.tickets.change(repository, key, (before) => change(before ?? known));
      },
    },
    pushes: { add: above.pushes.add, ofRef: below.pushes.ofRef },
    contributors: {
      ...below.contributors,
      note: above.contributors.note,
      notePushers: above.contributors.notePushers,
    },
    mergeGroups: {
      ...below.mergeGroups,
      save: above.mergeGroups.save,
      drop: above.mergeGroups.drop,
    },
    records: {
      ...above.records,
      repository: async (id) => (await above.records.repository(id)) ?? records.repository(id),
      repositoryByName: async (owner, name) =>
        (await above.records.repositoryByName(owner, name)) ??
        records.repositoryByName(owner, name),
      activeRepositories: records.activeRepositories,
      pullRequest: async (repository, number) =>
        (await above.records.pullRequest(repository, number)) ??
        records.pullRequest(repository, number),
      openPullRequests: records.openPullRequests,
      openPullRequestsWithHead: records.openPullRequestsWithHead,
      openPullRequestsOfInstallation: records.openPullRequestsOfInstallation,
      policy: async (repository) =>
        (await above.records.policy(repository)) ?? records.policy(repository),
      lastDecision: records.lastDecision,
      getValue: async (key) => (await above.records.getValue(key)) ?? records.getValue(key),
      // Nobody else writes to `above`, so the row cannot have changed.
      replacePolicy: async (_before, after, audit) =>
        above.records.replacePolicy(await above.records.policy(after.repository), after, audit),
      changeValue: async (key, change) => {
        const known = await records.getValue(key);
        const after = await above.records.changeValue(key, (before) => change(before ?? known));
        return after ?? known;
      },
      getValues: async (keys) =>
        new Map([...(await records.getValues(keys)), ...(await above.records.getValues(keys))]),
    },
    deployments: {
      save: above.deployments.save,
      change: async (key, change) => {
        const known = await deployments.row(key.repository, key.deploymentId, key.environment);
        return above.deployments.change(key, (before) => change(before ?? known));
      },
      ask: above.deployments.ask,
      row: async (repository, id, environment) =>
        (await above.deployments.row(repository, id, environment)) ??
        deployments.row(repository, id, environment),
      rows: async (keys) =>
        together(await above.deployments.rows(keys), await deployments.rows(keys)),
      inEnvironment: async (...asked) =>
        together(
          await above.deployments.inEnvironment(...asked),
          await deployments.inEnvironment(...asked),
        ).slice(0, asked[2]),
      lookBack: async (...asked) =>
        together(await above.deployments.lookBack(...asked), await deployments.lookBack(...asked)),
      ofSha: async (repository, sha) =>
        together(
          await above.deployments.ofSha(repository, sha),
          await deployments.ofSha(repository, sha),
        ),
      ofRun: async (repository, runId) =>
        together(
          await above.deployments.ofRun(repository, runId),
          await deployments.ofRun(repository, runId),
        ),
      waiting: deployments.waiting,
      ofRepositories: async (repositories) =>
        together(
          await above.deployments.ofRepositories(repositories),
          await deployments.ofRepositories(repositories),
        ),
      repositoriesSince: deployments.repositoriesSince,
      environments: async (repository) =>
        [
          ...new Set([
            ...(await deployments.environments(repository)),
            ...(await above.deployments.environments(repository)),
          ]),
        ].sort(),
    },
  };
}
