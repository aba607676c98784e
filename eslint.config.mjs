import tseslint from 'typescript-eslint';

const everywhere = [
  {
    selector: ':function[params.length>4]:not(MethodDefinition[kind="constructor"] > FunctionExpression)',
    message: 'At most four parameters: pass a value with named fields.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Default exports lose their name on import.' },
  { selector: 'TSEnumDeclaration', message: 'String unions equal the words on the wire.' },
  { selector: 'ExportAllDeclaration', message: 'A front door lists its exports by name.' },
];
const pure = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Pure code takes `now` as an argument.',
  },
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'Pure code takes `now` as an argument.',
  },
  {
    selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    message: 'Pure code takes randomness as an argument.',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.cache/', '**/*.cjs', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 50],
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 6],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only *.config.ts reads the environment.' },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['libs/{contracts,wall-time,rules,preferences}/src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...pure] },
  },
  // A migration is one text that is never edited again; what it creates decides its length.
  { files: ['libs/persistence/src/migrations/*.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['**/*.config.ts', 'test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', 'test/**/*.ts', 'libs/*/src/testing/**/*.ts'],
    rules: { 'max-lines': ['error', 600], 'max-lines-per-function': 'off' },
  },
  // The oracle is read like a text: a switch over all kinds or states is one sentence of it.
  {
    files: ['test/oracle/**/*.ts', 'libs/*/src/testing/slow-*.ts'],
    rules: { complexity: ['error', { max: 17, variant: 'modified' }] },
  },
);
