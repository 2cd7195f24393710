// The queue tells quietly what others did, and moves nothing before it is asked to.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, alert, device, lab } from './support/alerts.mjs';
import { becomes, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const FRESH = 'A word that nobody knew';
const incoming = (title = FRESH) => alert({ title, minutesAgo: 1, evidence: [device(`lab-${title.length}-new`)] });
const crowd = () => Array.from({ length: 60 }, (_, index) => alert({ title: `Odd sign-in number ${index + 1}`, minutesAgo: 60 + index, evidence: [device(`lab-desk-${index + 1}`)] }));

class Reader extends Analyst {
  get line() { return this.page.locator('[data-news]'); }
  async hears(words) { await shows(this.line.getByRole('status'), words, 15_000); }
  /** Waits for one more look at the news, whatever it brings. */
  async looks() { await this.page.waitForResponse((response) => response.url().includes('/incidents/updates')); }
  async show() { await this.press('Show', this.line); }
  mark(name) { return this.row(name).locator('.mark'); }
}

/** Somebody who changes things meanwhile. */
async function elsewhere(world, name, act) {
  const omid = new Analyst(await world.signIn('omid'));
  await omid.openPane(name);
  await act(omid);
  await omid.page.close();
}
const starts = (omid) => omid.field('Status').selectOption('inProgress').then(() => omid.save());
const resolves = (omid) => omid.field('Status').selectOption('resolved').then(() => omid.save());

journey('what others do is told in a line; rows change in their place and new ones come when asked', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  const stays = await staysFrom(lena.page);
  const before = await lena.names();
  await lena.openPane(SCAN);
  await lena.field('Add comment').pressSequentially('Half a comm');
  await lena.row(MAILRULE).getByRole('checkbox').check();
  await lena.field('Add comment').focus();
  await elsewhere(world, PAIR, starts);
  await world.server.ingest([incoming()]);
  await lena.hears('1 new, 1 changed');
  assert.deepEqual(await lena.names(), [before[0], before[1], `Changed by others. ${before[2]}`], 'no row came or went');
  await shows(lena.row(PAIR), 'Active');
  assert.ok(await lena.field('Add comment').evaluate((field) => field === document.activeElement), 'the cursor stays where it was');

  await lena.show();
  await shows(lena.row(PAIR), 'In progress');
  await lena.row(FRESH).waitFor();
  assert.deepEqual((await lena.names()).map((name) => name.replace(/^(New|Changed by others)\. /, '')), [`${FRESH} on one endpoint`, ...before], 'the new one is the newest, the others keep their places');
  await lena.hears('1 added, 1 brought up to date');
  assert.equal(await lena.mark(FRESH).innerText(), 'New.');
  assert.equal(await lena.mark(PAIR).innerText(), 'Changed by others.');
  assert.equal(await lena.field('Add comment').inputValue(), 'Half a comm');
  assert.ok(await lena.row(MAILRULE).getByRole('checkbox').isChecked());
  assert.equal(await lena.queue.locator('tr[aria-current]').count(), 1, 'the open row is still shown as open');
  await lena.openPane(PAIR);
  await lena.mark(PAIR).waitFor({ state: 'detached' });
  assert.ok(await lena.mark(FRESH).count(), 'what was not opened keeps its mark');
  await stays();
  assert.deepEqual(world.complaints, []);
});

journey('a row that left the filter is dimmed and tells so, and is gone at the next load', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  const before = await lena.names();
  await elsewhere(world, MAILRULE, resolves);
  await lena.hears('1 changed');
  assert.equal(await lena.queue.locator('tr.gone').count(), 0, 'nothing is dimmed unasked');
  await lena.show();
  await shows(lena.row(MAILRULE), 'Resolved');
  assert.equal(await lena.queue.locator('tr.gone').count(), 1);
  assert.match(await lena.row(MAILRULE).innerText(), /No longer in this list/);
  assert.equal((await lena.names()).length, before.length);
  await becomes(() => lena.page.locator('[data-total]').innerText(), '2 incidents');
  await lena.page.reload();
  assert.equal((await lena.names()).length, before.length - 1);
});

journey('an expanded row stays expanded and keeps the focus when it is brought up to date', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  const expander = lena.row(PAIR).getByRole('button', { name: /^Alerts of incident/ });
  await expander.press('Enter');
  await lena.queue.locator('[data-expands]').getByRole('link', { name: SCRIPT }).waitFor();
  await elsewhere(world, PAIR, starts);
  await lena.hears('1 changed');
  await expander.focus();
  await lena.line.getByRole('button', { name: 'Show' }).evaluate((button) => button.click());
  await shows(lena.row(PAIR).first(), 'In progress');
  assert.equal(await lena.queue.locator('[data-expands]').count(), 1);
  assert.equal(await expander.getAttribute('aria-expanded'), 'true');
  assert.ok(await expander.evaluate((button) => button === document.activeElement));
});

journey('one\'s own acts are no news', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  await lena.openPane(PAIR);
  await lena.field('Status').selectOption('inProgress');
  await lena.save();
  await lena.comment('Mine too.');
  await shows(lena.history(), 'Mine too.');
  await lena.looks();
  await lena.looks();
  assert.equal(await lena.line.innerText(), '');
  assert.equal(await lena.queue.locator('.mark').count(), 0);
});

journey('what others do to the open incident shows at once and is not told again', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  await lena.openPane(PAIR);
  await elsewhere(world, PAIR, starts);
  await shows(lena.row(PAIR), 'In progress');
  await lena.looks();
  await lena.looks();
  assert.equal(await lena.line.innerText(), '');
});

journey('whoever reads further down keeps the row under their eyes', { alerts: crowd() }, async (world) => {
  const lena = new Reader(await world.signIn('lena', { viewport: { width: 1440, height: 900 } }));
  const { page } = lena;
  const middle = lena.queue.locator('tbody tr').nth(30);
  const id = await middle.getAttribute('data-row');
  await middle.evaluate((row) => row.scrollIntoView({ block: 'center' }));
  // Screens round; a pixel is nothing that an eye loses.
  const place = () => page.locator(`#row-${id}`).evaluate((row) => row.getBoundingClientRect().top);
  const before = await place();
  const stayed = async (what) => { const now = await place(); assert.ok(Math.abs(now - before) <= 1.5, `${what}: from ${before} to ${now}`); };
  await world.server.ingest([incoming(), incoming('Another word that is new')]);
  await lena.hears('2 new');
  await stayed('the line itself moves nothing');
  assert.ok(await lena.line.getByRole('button', { name: 'Show' }).evaluate((button) => { const { top, bottom } = button.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }), 'the line is in sight');
  await lena.show();
  await lena.hears('2 added');
  await stayed('new rows above push nothing');
  // The same when the pane takes its place and gives it back.
  await page.locator(`#row-${id} .col-status`).click();
  await lena.paneShows(id);
  await stayed('the pane opens beside the row');
  await lena.press('Close');
  await lena.pane.waitFor({ state: 'detached' });
  await stayed('and leaves it there');
});

journey('on a narrow screen the list comes back where it was left', { alerts: crowd() }, async (world) => {
  const lena = new Reader(await world.signIn('lena', { viewport: { width: 390, height: 844 } }));
  const row = lena.queue.locator('tbody tr').nth(30);
  await row.evaluate((one) => one.scrollIntoView({ block: 'center' }));
  const place = () => row.evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const at = await place();
  await row.locator('.col-status').click();
  await lena.pane.waitFor();
  assert.ok(!(await row.isVisible()));
  await lena.press('Close');
  await lena.pane.waitFor({ state: 'detached' });
  assert.equal(await place(), at);
});

journey('what belongs to another page is told as such', { alerts: crowd() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  await lena.page.goto('/incidents?limit=25');
  await lena.page.getByRole('link', { name: 'Next page' }).click();
  await lena.page.waitForURL(/after=/);
  const before = await lena.names();
  await world.server.ingest([incoming()]);
  await lena.hears('1 new');
  await lena.show();
  await lena.hears('1 on other pages');
  assert.deepEqual(await lena.names(), before);
});

journey('a session that ended is told with a way back in, and nothing is asked any more', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  const other = await lena.page.context().newPage();
  await other.goto('/incidents?status=all');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await other.waitForURL('**/login**');
  await lena.hears('Your session has ended.');
  const link = lena.line.getByRole('link', { name: 'Sign in' });
  assert.equal(await link.getAttribute('href'), '/login?next=%2Fincidents');
  await lena.queue.waitFor();
});

journey('a server that was away is asked again, and what was missed is told', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena'));
  const missed = lena.page.waitForEvent('requestfailed', (request) => request.url().includes('/incidents/updates'));
  await world.server.kill();
  await missed;
  await world.server.start();
  await world.server.ingest([incoming()]);
  await shows(lena.line.getByRole('status'), '1 new', 30_000);
});

journey('without JavaScript there is no line, and a reload shows what came', { alerts: lab() }, async (world) => {
  const lena = new Reader(await world.signIn('lena', { javaScriptEnabled: false }), { scripted: false });
  await world.server.ingest([incoming()]);
  assert.ok(!(await lena.line.isVisible()));
  assert.ok(!(await lena.page.getByRole('button', { name: 'Keyboard shortcuts' }).isVisible()));
  await lena.page.reload();
  await lena.row(FRESH).waitFor();
});

journey('without JavaScript the arrows lead over the end of a page and back', { alerts: crowd() }, async (world) => {
  const lena = new Reader(await world.signIn('lena', { javaScriptEnabled: false }), { scripted: false });
  const { page } = lena;
  await page.goto('/incidents?limit=25&sort=id');
  const last = Number(await lena.queue.locator('tbody tr').last().getAttribute('data-row'));
  await page.goto(`/incidents?limit=25&sort=id&pane=${last}`);
  await lena.pane.getByRole('link', { name: 'Next incident' }).click();
  await lena.paneShows(last + 1);
  assert.ok(new URL(page.url()).searchParams.get('after'));
  assert.equal(await lena.queue.locator('tr[aria-current]').getAttribute('data-row'), String(last + 1));
  await lena.pane.getByRole('link', { name: 'Previous incident' }).click();
  await lena.paneShows(last);
  assert.equal(new URL(page.url()).searchParams.get('after'), null);
  assert.equal(await lena.queue.locator('tr[aria-current]').getAttribute('data-row'), String(last));
});
