const TRANSFORMER = '<rootDir>/test/support/transformer.mjs';

/** Rules' specs stand beside the rules; everything else is under test/. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': TRANSFORMER, '/@noble/.+\\.js$': TRANSFORMER },
  transformIgnorePatterns: ['/node_modules/(?!@noble/)'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^content-disposition$': '<rootDir>/node_modules/.cache/thidua/content-disposition.cjs',
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  maxWorkers: 3,
  testTimeout: 300000,
};
