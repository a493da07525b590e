// The suites of tests/, each in a district of its own, two at a time, in Debian's Chromium. One that fails leaves its trace in build/pages
// (npx playwright show-trace FILE).
import { defineConfig } from '@playwright/test';

// The longest first, so that two workers end together.
const suites = ['board', 'administration', 'reports', 'sensing', 'rules', 'many'];

export default defineConfig({
  testDir: 'tests',
  projects: suites.map((name) => ({ name, testMatch: `${name}.spec.mjs` })),
  outputDir: '../build/pages',
  workers: Number(process.env.WORKERS ?? 2),
  timeout: 1_200_000,
  retries: 0,
  forbidOnly: true,
  reporter: [['list', { printSteps: true }]],
  use: {
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    },
  },
});
