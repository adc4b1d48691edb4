// The tests that need a Chromium on this machine: `npm run test:browser`. They start all they need by themselves.
module.exports = {
  ...require('./jest.config'),
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: [],
  globalSetup: undefined,
  globalTeardown: undefined,
  testTimeout: 120_000,
};
