// The suites of tests/, each in a district of its own, two at a time, in Debian's Chromium. One that fails leaves its trace in build/pages
// (npx playwright show-trace FILE).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// The longest first, so that two workers end together; any other after them.
const longest = ['board', 'administration', 'collections', 'reports', 'sensing', 'login', 'rules'];
const all = readdirSync(join(import.meta.dirname, 'tests')).filter((file) => file.endsWith('.spec.mjs')).map((file) => file.replace('.spec.mjs', ''));
const suites = [...longest, ...all.filter((name) => !longest.includes(name))];

const quiet = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export default defineConfig({
  testDir: 'tests',
  projects: suites.map((name) => ({ name, testMatch: `${name}.spec.mjs` })),
  globalSetup: './tests/prepare.mjs',
  outputDir: '../build/pages',
  workers: Number(process.env.WORKERS ?? 2),
  timeout: 1_200_000,
  retries: 0,
  forbidOnly: true,
  reporter: [['list', { printSteps: true }]],
  use: {
    // With TRACE=1 the trace shows every step's page and picture too, which costs a third more of the processor's time.
    trace: { mode: 'retain-on-failure', screenshots: process.env.TRACE !== undefined, snapshots: process.env.TRACE !== undefined },
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      // Maps are drawn by SwiftShader, which has no graphics card; all else by Skia on the processor, for half the time.
      args: [...quiet, '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-rasterization', '--disable-gpu-compositing'],
    },
  },
});
