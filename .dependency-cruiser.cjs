// The import law of the house, checked by `npm run verify`. docs/ARCHITECTURE.md explains it in words.
const law = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
module.exports = {
  forbidden: [
    law('no-cycles', 'a circle has no beginning to read from', {}, { circular: true }),
    law('libs-never-import-apps', 'libraries are below applications', { path: '^libs/' }, { path: '^apps/' }),
    law(
      'apps-never-import-each-other',
      'processes meet in Postgres, the event log and HTTP',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    law(
      'contracts-import-nothing',
      'nouns have no machinery',
      { path: '^libs/contracts/src', pathNot: '\\.spec\\.ts$' },
      { pathNot: '^libs/contracts/src' },
    ),
    law(
      'pure',
      'decisions can be replayed: no framework, no store, no clock, no Node',
      { path: '^libs/(rules|preferences)/src', pathNot: '\\.spec\\.ts$|/testing/' },
      { pathNot: ['^libs/$1/src', '^libs/(contracts|wall-time)/src/index\\.ts$'] },
    ),
    law(
      'wall-time-imports-nothing',
      'what a clock on the wall shows follows from the instant and the zone alone',
      { path: '^libs/wall-time/src', pathNot: '\\.spec\\.ts$|/testing/' },
      { pathNot: '^libs/wall-time/src' },
    ),
    law(
      'channels-know-contracts-only',
      'an adapter sends, it does not decide',
      { path: '^libs/channels/' },
      { path: '^libs/', pathNot: '^libs/(channels/|contracts/src/index\\.ts$)' },
    ),
    law(
      'links-know-contracts-only',
      'a link says who and what, it does not decide',
      { path: '^libs/links/' },
      { path: '^libs/', pathNot: '^libs/(links/|contracts/src/index\\.ts$)' },
    ),
    law(
      'persistence-takes-types-only',
      'stores keep decisions, they do not make them',
      { path: '^libs/persistence/' },
      { path: '^libs/(rules|preferences)/', dependencyTypesNot: ['type-only'] },
    ),
    law(
      'persistence-never-adapters',
      'the store knows no road and no provider',
      { path: '^libs/persistence/' },
      { path: '^libs/(channels|event-log)/' },
    ),
    law(
      'nest-only-in-lib-modules',
      'libraries are plain classes; only their module file knows Nest',
      { path: '^libs/', pathNot: '\\.module\\.ts$' },
      { path: 'node_modules/@nestjs/' },
    ),
    law(
      'observability-knows-no-domain',
      'it carries what it is given',
      { path: '^libs/observability/' },
      { path: '^libs/(?!observability/)' },
    ),
    law(
      'providers-in-their-own-folder',
      'provider vocabulary ends at its adapter; a bench holds us against a bare loop around the same SDK',
      { pathNot: '^libs/channels/src/[^/]+/|^bench/dispatch/bare-|node_modules' },
      { path: 'node_modules/(twilio|@sendgrid|twitter-api-v2)/' },
    ),
    law(
      'typeorm-lives-in-persistence',
      'one home of the database',
      { pathNot: '^(libs/persistence|test|bench)/|node_modules' },
      { path: 'node_modules/(typeorm|pg)/' },
    ),
    law(
      'event-log-knows-no-domain',
      'the road does not know what travels on it',
      { path: '^libs/event-log/' },
      { path: '^libs/(rules|preferences|channels)/' },
    ),
    law(
      'kafka-lives-in-event-log',
      'so that the client can be replaced',
      { pathNot: '^(libs/event-log|test|bench)/|node_modules' },
      { path: 'node_modules/kafkajs/' },
    ),
    law(
      'front-door-only',
      'a library is entered by its index',
      { path: '^(apps|libs|test|bench|examples)/([^/]+)/' },
      { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: ['^$1/$2/', '^libs/[^/]+/src/testing/'] },
    ),
    law(
      'kits-are-for-tests',
      'conformance kits load Jest',
      { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$|/testing/' },
      { path: '^libs/[^/]+/src/testing/' },
    ),
    law(
      'not-to-dev-dep',
      'production code needs production dependencies',
      { path: '^(apps|libs)', pathNot: '\\.spec\\.ts$|/testing/' },
      { dependencyTypes: ['npm-dev'] },
    ),
    law('not-to-unresolvable', 'every import resolves', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
