// The tests that need a Chromium on this machine: `npm run test:browser`.
const { globalSetup, globalTeardown, ...shared } = require('./jest.config');

module.exports = {
  ...shared,
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
};
