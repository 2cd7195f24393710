// One claim, tried in a world of its own: a server, a browser, people who sign in.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { ANALYSTS } from './cast.mjs';
import { Server } from './server.mjs';

// Chromium talks to nobody but the server under test.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const ACTS_WITHIN = 10_000;
// Chromium reports every refused form and every lost connection, which some claims are about.
const REFUSAL = /the server responded with a status of (409|422)|net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/;

class World {
  #browser;
  #contexts = [];
  /** What the browser's console and our pages complained about. */
  complaints = [];

  constructor(server, browser) { this.server = server; this.#browser = browser; }

  /** A browser of somebody's own, not signed in. */
  async browse(options = {}) {
    const context = await this.#browser.newContext({ baseURL: this.server.url, timezoneId: 'Europe/Berlin', locale: 'en-US', ...options });
    context.setDefaultTimeout(ACTS_WITHIN);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type()) || REFUSAL.test(message.text())) return;
      this.complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    return page;
  }

  /**
   * The script takes `hidden` from this button when it has bound everything else: before, a click does what it does
   * without. On a narrow screen the button is not shown.
   */
  async #scriptIsReady(page) {
    await page.locator('[data-keys-help]:not([hidden])').waitFor({ state: 'attached' });
  }

  /** A browser of somebody's own, signed in, at the queue. */
  async signIn(name, options = {}) {
    const page = await this.browse(options);
    await this.signInOn(page, name);
    if (options.javaScriptEnabled !== false) await this.#scriptIsReady(page);
    return page;
  }

  /** A browser that is signed in to the sample company by the link that was printed. */
  async signInToDemo(options = {}) {
    const page = await this.browse(options);
    await page.goto(this.server.signInLink);
    await this.#scriptIsReady(page);
    return page;
  }

  /** Signs somebody in on a page that may have been somebody else's. */
  async signInOn(page, name) {
    await page.goto('/login');
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(this.server.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('table', { name: 'Incidents' }).waitFor();
  }

  async keepScreenshots(claim) {
    const folder = process.env.ARTIFACTS;
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    const name = claim.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
    const pages = this.#contexts.flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      await page.screenshot({ path: join(folder, `${name}-${index + 1}.png`) }).catch(() => {});
    }
  }
}

/** Tries a claim. `people: null` leaves the database empty; `demo` starts the sample company instead. */
export function journey(claim, { alerts = [], people = ANALYSTS, demo = false }, act) {
  test(claim, { timeout: 120_000 }, async (context) => {
    const server = await Server.prepare();
    let browser = null;
    try {
      if (people && !demo) await server.add(people);
      if (alerts.length) await server.import(alerts);
      await server.start({ demo });
      browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
      const world = new World(server, browser);
      // What still waits for a page fails then, so that a late test ends what it started.
      context.signal.addEventListener('abort', () => browser.close());
      try { await act(world); } catch (error) {
        await world.keepScreenshots(claim);
        if (server.errors.trim()) context.diagnostic(`the server said: ${server.errors.slice(-2000)}`);
        throw error;
      }
    } finally {
      await browser?.close();
      await server.stop();
    }
  });
}
