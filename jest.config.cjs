// CommonJS output without flags: swc also transpiles the ESM-only packages that the specs load.
const swc = [
  '@swc/jest',
  {
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  },
];
const esmOnly =
  '@nestjs|file-type|strtok3|token-types|@tokenizer|uint8array-extras|@borewit|cookie|jose|rate-limiter-flexible';
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/test/harness/patience.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '^.+\\.(ts|js|mjs)$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
  moduleNameMapper: { '^@app/([^/]+)$': '<rootDir>/libs/$1/src' },
};
module.exports = {
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/harness/closing-line.cjs'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{apps,libs,bench,scripts}/**/*.spec.ts',
        '<rootDir>/test/{architecture,oracle,golden}/**/*.spec.ts',
      ],
    },
    {
      ...base,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,e2e,faults}/**/*.{spec,e2e-spec}.ts'],
      globalSetup: '<rootDir>/test/harness/global-setup.ts',
      globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
    },
  ],
};
