import { defineConfig } from '@playwright/test'

const ci = process.env['CI'] === 'true'

/** The system's Chromium, as a person starts it. */
const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env['NODELOOM_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  },
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/stories',
  // One story at a time: each drives a whole application, and what it measures of itself has to be its own.
  workers: 1,
  fullyParallel: false,
  forbidOnly: ci,
  retries: ci ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'chromium',
      testMatch: /\.spec\.ts$/,
      testIgnore: /(?:\.electron|screenshots)\.spec\.ts$/,
      use: chromium,
    },
    // Writes docs/images: only when asked for.
    { name: 'screenshots', testMatch: /screenshots\.spec\.ts$/, use: chromium },
    { name: 'electron', testMatch: /\.electron\.spec\.ts$/ },
  ],
})
