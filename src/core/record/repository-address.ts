import { urlPart } from "#core/text/url-part.ts";

// Addresses of pages, below our root; repositories by their full name (owner/name).

export const repositoryPath = (repository: string): string =>
  `/${repository.split("/").map(urlPart).join("/")}`;

export const rolloutPath = (repository: string, sha: string): string =>
  `${repositoryPath(repository)}/rollouts/${urlPart(sha)}`;

export const environmentPath = (repository: string, environment: string): string =>
  `${repositoryPath(repository)}/environments/${urlPart(environment)}`;
