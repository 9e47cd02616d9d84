// These packages are ESM only, which Jest cannot require before Node 24.9: they are compiled on the way in.
const esm = [
  'jose',
  'oauth4webapi',
  'openid-client',
  'temporal-polyfill',
  'temporal-spec',
  'temporal-utils',
];

const typescript = {
  jsc: {
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      react: { runtime: 'automatic' },
      // As tsconfig.json has it: a field without a value is not an own property.
      useDefineForClassFields: false,
    },
    target: 'es2022',
  },
  module: { type: 'commonjs' },
};

const suite = (name, patterns, extra = {}) => ({
  displayName: name,
  rootDir: __dirname,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testEnvironment: '<rootDir>/test/setup/jest/one-realm.js',
  runtime: '<rootDir>/test/setup/jest/runtime.js',
  testMatch: patterns.map((pattern) => `<rootDir>/${pattern}`),
  transform: {
    '^.+\\.tsx?$': ['@swc/jest', typescript],
    [`node_modules/(${esm.join('|')})/.+\\.m?js$`]: [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Prisma's generated client imports its own files as .js.
  moduleNameMapper: { '^(\\./(?:internal/|models/)?\\w+)\\.js$': '$1' },
  transformIgnorePatterns: [`/node_modules/(?!(${esm.join('|')})/)`],
  ...extra,
});

// One PostgreSQL and one Redis for the whole run; Jest calls a shared file once.
const services = {
  globalSetup: '<rootDir>/test/setup/start-services.ts',
  globalTeardown: '<rootDir>/test/setup/stop-services.ts',
};

const CARRIED_BY_JOBS = [
  'main-job',
  'sendgrid',
  'steering',
  'workers',
  'feedback',
  'security-canaries',
  'security-closed',
];

/** @type {import('jest').Config} */
module.exports = {
  // As many as the cores the suite is made for; browsers, databases and product processes want theirs too.
  maxWorkers: 2,
  // A worker keeps something of every suite, and collecting gigabytes of it stops a test for seconds.
  workerIdleMemoryLimit: '1200MB',
  testTimeout: 90_000,
  projects: [
    suite('unit', ['src/**/*.spec.{ts,tsx}']),
    suite('structure', ['test/structure/**/*.spec.ts']),
    suite('integration', ['test/integration/**/*.spec.{ts,tsx}'], services),
    suite('e2e', ['test/e2e/**/*.spec.{ts,tsx}'], { ...services, globals: { JOBS: 'in-process' } }),
    // All that jobs carry, once more with Bull on Redis.
    suite('e2e-bull', [`test/e2e/(${CARRIED_BY_JOBS.join('|')}).spec.ts`], {
      ...services,
      globals: { JOBS: 'bull' },
    }),
    // The rig starts servers of its own, to be killed; the simulations use those of the run.
    suite('chaos', ['test/chaos/**/*.spec.ts'], services),
    suite('web', ['test/web/**/*.spec.{ts,tsx}'], { ...services, globals: { JOBS: 'in-process' } }),
  ],
};
