import type { Lint } from './warning.ts'

export const unusedRoles: Lint = ({ roles, teams }) => {
  const used = new Set(Object.values(teams).flatMap(({ grants }) => grants.map(({ role }) => role)))
  return Object.keys(roles)
    .filter((role) => !used.has(role))
    .map((role) => ({
      rule: 'unused-role' as const,
      path: ['roles', role],
      message: 'no grant gives this role; only the scope of a key could name it',
    }))
}

export const teamsWithoutGrants: Lint = ({ teams }) =>
  Object.entries(teams)
    .filter(([, { grants }]) => grants.length === 0)
    .map(([team]) => ({
      rule: 'team-without-grants' as const,
      path: ['teams', team],
      message: 'the team has no grants, so it may do nothing',
    }))
