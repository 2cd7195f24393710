// The queue tells quietly what others did, and moves nothing before it is asked to.
import assert from 'node:assert/strict';
import { Analyst, signOut } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, alert, device, lab } from './support/alerts.mjs';
import { becomes, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const FRESH = 'A word that nobody knew';
const incoming = (title = FRESH) => alert({ title, minutesAgo: 1, evidence: [device(`lab-${title.length}-new`)] });
const crowd = () => Array.from({ length: 60 }, (_, index) => alert({ title: `Odd sign-in number ${index + 1}`, minutesAgo: 60 + index, evidence: [device(`lab-desk-${index + 1}`)] }));

class Reader extends Analyst {
  get line() { return this.page.locator('[data-updates]'); }
  async hears(words) { await shows(this.line.getByRole('status'), words, 15_000); }
  /** Waits for one more request for updates, whatever it returns. */
  async looks() { await this.page.waitForResponse((response) => response.url().includes('/incidents/updates')); }
  async show() { await this.press('Show', this.line); }
  mark(name) { return this.row(name).locator('.mark'); }
}

/** Somebody who changes things meanwhile. */
async function elsewhere(world, name, act) {
  const omar = new Analyst(await world.signIn('omar'));
  await omar.openPane(name);
  await act(omar);
  await omar.page.close();
}
const starts = (omar) => omar.field('Status').selectOption('inProgress').then(() => omar.save());
const resolves = (omar) => omar.field('Status').selectOption('resolved').then(() => omar.save());

journey('a line says what others changed; rows change in place and new ones come when asked', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  const stays = await staysFrom(dana.page);
  const before = await dana.names();
  await dana.openPane(SCAN);
  await dana.field('Add comment').pressSequentially('Half a comm');
  await dana.row(MAILRULE).getByRole('checkbox').check();
  await dana.field('Add comment').focus();
  await elsewhere(world, PAIR, starts);
  await world.server.ingest([incoming()]);
  await dana.hears('1 new, 1 changed');
  assert.deepEqual(await dana.names(), [before[0], before[1], `Changed by others. ${before[2]}`], 'no row came or went');
  await shows(dana.row(PAIR), 'Active');
  assert.ok(await dana.field('Add comment').evaluate((field) => field === document.activeElement), 'the cursor stays where it was');

  await dana.show();
  await shows(dana.row(PAIR), 'In progress');
  await dana.row(FRESH).waitFor();
  assert.deepEqual((await dana.names()).map((name) => name.replace(/^(New|Changed by others)\. /, '')), [`${FRESH} on one endpoint`, ...before], 'the new one is the newest, the others keep their places');
  await dana.hears('1 added, 1 updated');
  assert.equal(await dana.mark(FRESH).innerText(), 'New.');
  assert.equal(await dana.mark(PAIR).innerText(), 'Changed by others.');
  assert.equal(await dana.field('Add comment').inputValue(), 'Half a comm');
  assert.ok(await dana.row(MAILRULE).getByRole('checkbox').isChecked());
  assert.equal(await dana.queue.locator('tr[aria-current]').count(), 1, 'the open row is still shown as open');
  await dana.openPane(PAIR);
  await dana.mark(PAIR).waitFor({ state: 'detached' });
  assert.ok(await dana.mark(FRESH).count(), 'what was not opened keeps its mark');
  await stays();
  assert.deepEqual(world.complaints, []);
});

journey('a row that left the filter is dimmed and says so, and is gone at the next load', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  const before = await dana.names();
  await elsewhere(world, MAILRULE, resolves);
  await dana.hears('1 changed');
  assert.equal(await dana.queue.locator('tr.gone').count(), 0, 'nothing is dimmed unasked');
  await dana.show();
  await shows(dana.row(MAILRULE), 'Resolved');
  assert.equal(await dana.queue.locator('tr.gone').count(), 1);
  assert.match(await dana.row(MAILRULE).innerText(), /No longer in this list/);
  assert.equal((await dana.names()).length, before.length);
  await becomes(() => dana.page.locator('[data-total]').innerText(), '2 incidents');
  await dana.page.reload();
  assert.equal((await dana.names()).length, before.length - 1);
});

journey('an expanded row stays expanded and keeps the focus when it is updated', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  const expander = dana.row(PAIR).getByRole('button', { name: /^Alerts of incident/ });
  await expander.press('Enter');
  await dana.queue.locator('[data-expands]').getByRole('link', { name: SCRIPT }).waitFor();
  await elsewhere(world, PAIR, starts);
  await dana.hears('1 changed');
  await expander.focus();
  await dana.line.getByRole('button', { name: 'Show' }).evaluate((button) => button.click());
  await shows(dana.row(PAIR).first(), 'In progress');
  assert.equal(await dana.queue.locator('[data-expands]').count(), 1);
  assert.equal(await expander.getAttribute('aria-expanded'), 'true');
  assert.ok(await expander.evaluate((button) => button === document.activeElement));
});

journey('one\'s own changes are not reported', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await dana.field('Status').selectOption('inProgress');
  await dana.save();
  await dana.comment('Mine too.');
  await shows(dana.history(), 'Mine too.');
  await dana.looks();
  await dana.looks();
  assert.equal(await dana.line.innerText(), '');
  assert.equal(await dana.queue.locator('.mark').count(), 0);
});

journey('what others do to the open incident shows at once and is not reported again', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  await dana.openPane(PAIR);
  await elsewhere(world, PAIR, starts);
  await shows(dana.row(PAIR), 'In progress');
  await dana.looks();
  await dana.looks();
  assert.equal(await dana.line.innerText(), '');
});

journey('further down the list, the rows in view stay where they are', { alerts: crowd() }, async (world) => {
  const dana = new Reader(await world.signIn('dana', { viewport: { width: 1440, height: 900 } }));
  const { page } = dana;
  const middle = dana.queue.locator('tbody tr').nth(30);
  const id = await middle.getAttribute('data-row');
  await middle.evaluate((row) => row.scrollIntoView({ block: 'center' }));
  // Screens round; a pixel is nothing that an eye loses.
  const place = () => page.locator(`#row-${id}`).evaluate((row) => row.getBoundingClientRect().top);
  const before = await place();
  const stayed = async (what) => { const now = await place(); assert.ok(Math.abs(now - before) <= 1.5, `${what}: from ${before} to ${now}`); };
  await world.server.ingest([incoming(), incoming('Another word that is new')]);
  await dana.hears('2 new');
  await stayed('the line itself moves nothing');
  assert.ok(await dana.line.getByRole('button', { name: 'Show' }).evaluate((button) => { const { top, bottom } = button.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }), 'the line is in sight');
  await dana.show();
  await dana.hears('2 added');
  await stayed('new rows above push nothing');
  // The same when the pane takes its place and gives it back.
  await page.locator(`#row-${id} .col-status`).click();
  await dana.paneShows(id);
  await stayed('the pane opens beside the row');
  await dana.press('Close');
  await dana.pane.waitFor({ state: 'detached' });
  await stayed('and leaves it there');
});

journey('on a narrow screen the list comes back where it was left', { alerts: crowd() }, async (world) => {
  const dana = new Reader(await world.signIn('dana', { viewport: { width: 390, height: 844 } }));
  const row = dana.queue.locator('tbody tr').nth(30);
  await row.evaluate((one) => one.scrollIntoView({ block: 'center' }));
  const place = () => row.evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const at = await place();
  await row.locator('.col-status').click();
  await dana.pane.waitFor();
  assert.ok(!(await row.isVisible()));
  await dana.press('Close');
  await dana.pane.waitFor({ state: 'detached' });
  assert.equal(await place(), at);
});

journey('changes on another page of the list are reported as such', { alerts: crowd() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  await dana.page.goto('/incidents?limit=25');
  await dana.page.getByRole('link', { name: 'Next page' }).click();
  await dana.page.waitForURL(/after=/);
  const before = await dana.names();
  await world.server.ingest([incoming()]);
  await dana.hears('1 new');
  await dana.show();
  await dana.hears('1 on other pages');
  assert.deepEqual(await dana.names(), before);
});

journey('when the session ends the page says so with a link to sign in, and asks no more', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  const other = await dana.page.context().newPage();
  await other.goto('/incidents?status=all');
  await signOut(other);
  await other.waitForURL('**/login**');
  await dana.hears('Your session has ended.');
  const link = dana.line.getByRole('link', { name: 'Sign in' });
  assert.equal(await link.getAttribute('href'), '/login?next=%2Fincidents');
  await dana.queue.waitFor();
});

journey('after the server was away the page asks again and reports what was missed', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana'));
  const missed = dana.page.waitForEvent('requestfailed', (request) => request.url().includes('/incidents/updates'));
  await world.server.kill();
  await missed;
  await world.server.start();
  await world.server.ingest([incoming()]);
  await shows(dana.line.getByRole('status'), '1 new', 30_000);
});

journey('without JavaScript there is no line, and a reload shows what came', { alerts: lab() }, async (world) => {
  const dana = new Reader(await world.signIn('dana', { javaScriptEnabled: false }), { scripted: false });
  await world.server.ingest([incoming()]);
  assert.ok(!(await dana.line.isVisible()));
  assert.ok(!(await dana.page.getByRole('button', { name: 'Keyboard shortcuts' }).isVisible()));
  await dana.page.reload();
  await dana.row(FRESH).waitFor();
});

journey('without JavaScript the arrows lead over the end of a page and back', { alerts: crowd() }, async (world) => {
  const dana = new Reader(await world.signIn('dana', { javaScriptEnabled: false }), { scripted: false });
  const { page } = dana;
  await page.goto('/incidents?limit=25&sort=id');
  const last = Number(await dana.queue.locator('tbody tr').last().getAttribute('data-row'));
  await page.goto(`/incidents?limit=25&sort=id&pane=${last}`);
  await dana.pane.getByRole('link', { name: 'Next incident' }).click();
  await dana.paneShows(last + 1);
  assert.ok(new URL(page.url()).searchParams.get('after'));
  assert.equal(await dana.queue.locator('tr[aria-current]').getAttribute('data-row'), String(last + 1));
  await dana.pane.getByRole('link', { name: 'Previous incident' }).click();
  await dana.paneShows(last);
  assert.equal(new URL(page.url()).searchParams.get('after'), null);
  assert.equal(await dana.queue.locator('tr[aria-current]').getAttribute('data-row'), String(last));
});
