// A triage hour with the keyboard alone: nobody touches a mouse.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { PAIR, SERVICE, alert, device, lab } from './support/alerts.mjs';
import { becomes, eventually, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const MANY = 32;
const HOST = (number) => `lab-desk-${number}`;
const crowd = () => Array.from({ length: MANY }, (_, index) => alert({
  title: `Odd sign-in number ${index + 1}`, minutesAgo: 60 + index, evidence: [device(HOST(index + 1))],
}));

class Typist extends Analyst {
  /** Presses keys one after the other. */
  async keys(...keys) { for (const key of keys) await this.page.keyboard.press(key); }
  async type(text) { await this.page.keyboard.type(text); }
  focused() { return this.page.evaluate(() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()); }
  inPane() { return this.page.evaluate(() => Boolean(document.activeElement.closest('[data-pane]'))); }
  /** Tabs until something of that name has the focus. */
  async tabTo(name, most = 90) {
    for (let step = 0; step < most; step += 1) {
      if (name.test(await this.focused())) return;
      await this.keys('Tab');
    }
    assert.fail(`Tab never reaches ${name}, it ends at ${await this.focused()}`);
  }
  /** The id of the row that has the focus. */
  row_() { return this.page.evaluate(() => document.activeElement.closest('[data-row]')?.dataset.row ?? null); }
  paneId() { return this.page.evaluate(() => document.querySelector('[data-pane]')?.dataset.pane ?? null); }
  /** Chooses in a select that has the focus by typing the beginning of its text. */
  async choose(field, text) {
    await field.focus();
    await this.type(text);
    await becomes(async () => (await field.locator('option:checked').textContent()).startsWith(text), true, `${text} is chosen`);
  }
}

async function signedInByKeys(world) {
  const page = await world.browse();
  const dana = new Typist(page);
  await page.goto('/login');
  await page.getByLabel('User name').focus();
  await dana.type('dana');
  await dana.keys('Tab');
  await dana.type(world.server.password);
  await dana.keys('Enter');
  await dana.queue.waitFor();
  // The keys are there when the button that shows them is.
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
  return dana;
}

journey('j, k and the arrows go through twenty incidents, across a page boundary, and nothing is loaded again', { alerts: crowd() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  await page.goto('/incidents?limit=25&sort=id');
  const stays = await staysFrom(page);
  const pages = [];
  // Opening an incident fetches its pane alone, crossing a page its rows alone.
  page.on('request', (request) => { if (request.isNavigationRequest() || new URL(request.url()).pathname === '/incidents') pages.push(request.url()); });
  const ids = await dana.queue.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  assert.equal(ids.length, 25);

  for (let step = 0; step < 22; step += 1) await dana.keys('j');
  assert.equal(await dana.row_(), ids[21]);
  await dana.keys('k', 'Enter');
  await becomes(() => dana.paneId(), ids[20]);
  assert.ok(await dana.inPane(), 'the focus goes into the pane');
  for (let at = 21; at < 25; at += 1) { await dana.keys(']'); await becomes(() => dana.paneId(), ids[at]); }

  // Over the end of the page: the other rows come, the address follows, the pane walks on.
  await dana.keys(']');
  await becomes(() => dana.queue.locator('tbody tr').count(), MANY - 25);
  const second = await dana.queue.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  await becomes(() => dana.paneId(), second[0]);
  const url = new URL(page.url());
  assert.equal(url.searchParams.get('pane'), second[0]);
  assert.ok(url.searchParams.get('after'), 'the address names the page');
  assert.equal(await dana.queue.locator('tr[aria-current]').getAttribute('data-row'), second[0]);
  await dana.keys('[');
  await becomes(() => dana.paneId(), ids[24]);
  await becomes(() => dana.queue.locator('tbody tr').count(), 25);
  assert.equal(new URL(page.url()).searchParams.get('after'), null);

  // Back and Forward walk the same way.
  await page.goBack();
  await becomes(() => dana.paneId(), second[0]);
  await becomes(() => dana.queue.locator('tbody tr').count(), MANY - 25);
  await page.goForward();
  await becomes(() => dana.paneId(), ids[24]);
  await becomes(() => dana.queue.locator('tbody tr').count(), 25);

  await dana.keys('u');
  await dana.pane.waitFor({ state: 'detached' });
  assert.equal(await dana.row_(), ids[24]);
  await dana.keys('j');
  await becomes(() => dana.row_(), second[0], 'j goes on to the next page');
  await dana.keys('k');
  await becomes(() => dana.row_(), ids[24], 'and k back');
  await stays();
  assert.deepEqual(pages, [], 'a page was loaded');
  assert.deepEqual(world.complaints, []);

  // What the address says is what a fresh load shows.
  await page.goto(url.href);
  await becomes(() => dana.paneId(), second[0]);
  assert.equal(await dana.queue.locator('tr[aria-current]').getAttribute('data-row'), second[0]);
});

journey('an incident is taken, commented, tagged, classified and resolved with keys', { alerts: lab() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  const id = String(await dana.id(PAIR));
  await dana.keys('f');
  assert.ok(await page.getByRole('searchbox', { name: 'Search for name, ID or asset' }).evaluate((field) => field === document.activeElement));
  await dana.type(PAIR);
  await dana.keys('Enter');
  await becomes(async () => (await dana.names()).length, 1);
  await dana.keys('j', 'o');
  await becomes(() => dana.paneId(), id);
  const stays = await staysFrom(page);

  await dana.keys('a');
  await becomes(() => dana.field('Assigned to').inputValue(), 'dana');
  await dana.keys('c');
  // Keys that are commands elsewhere are letters here.
  await dana.type('a j x ? [r] went to / and back');
  assert.equal(await dana.field('Add comment').inputValue(), 'a j x ? [r] went to / and back');
  await dana.keys('Control+Enter');
  await shows(dana.history().getByRole('listitem').first(), 'a j x ? [r] went to / and back');
  await dana.keys('Escape', 't');
  assert.ok(await dana.field('Tags').evaluate((field) => field === document.activeElement));
  await dana.type('keys only');
  await dana.keys('Enter', 'Escape', 'r');
  assert.ok(await dana.field('Resolution note').evaluate((field) => field === document.activeElement));
  assert.equal(await dana.field('Status').inputValue(), 'resolved');
  await dana.type('A drill.');
  await dana.choose(dana.field('Classification'), 'Informational');
  await dana.tabTo(/^Save$/);
  await dana.keys('Enter');
  await dana.isTold('Resolved as Informational, expected activity');
  for (const entry of [/Status: Active → Resolved/, 'A drill.', 'Tag added: keys only', /Classification: Not set → Informational/]) await shows(dana.history(), entry);
  await becomes(() => dana.queue.locator(`#row-${id}.gone`).count(), 1, 'its row is dimmed, and stays');
  await dana.keys('Escape');
  await dana.pane.waitFor({ state: 'detached' });
  assert.equal(await dana.row_(), id, 'the focus is back in its row');
  await stays();
  assert.deepEqual(world.complaints, []);
});

journey('rows are selected with x and managed together, and one is taken from the list', { alerts: lab() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  await dana.keys('j');
  const first = await dana.row_();
  await dana.keys('a');
  await dana.isTold(`Incident ${first} was assigned to you`);
  await shows(page.locator(`#row-${first}`), 'Dana Reyes');
  assert.equal(await dana.row_(), first, 'the focus stays in the row');
  await dana.keys('x', 'j', 'x');
  assert.equal(await dana.queue.locator('input[name=ids]:checked').count(), 2);
  await page.getByRole('button', { name: 'Manage incidents' }).focus();
  await dana.keys('Enter');
  const form = page.getByRole('region', { name: 'Manage incidents' });
  await dana.choose(form.getByLabel('Status'), 'In progress');
  await dana.tabTo(/^Save$/);
  await dana.keys('Enter');
  await dana.isTold('2 incidents changed.');
  await becomes(() => dana.queue.getByRole('row').filter({ hasText: 'In progress' }).count(), 2);
  assert.deepEqual(world.complaints, []);
});

journey('a selection survives going over a page boundary', { alerts: crowd() }, async (world) => {
  const dana = await signedInByKeys(world);
  await dana.page.goto('/incidents?limit=25&sort=id');
  await dana.keys('j', 'x', 'j', 'x');
  for (let step = 0; step < 23; step += 1) await dana.keys('j');
  await dana.keys('j');
  await becomes(() => dana.queue.locator('tbody tr').count(), MANY - 25);
  await dana.keys('x');
  const chosen = () => dana.page.evaluate(() => new FormData(document.getElementById('bulk')).getAll('ids').length);
  assert.equal(await chosen(), 3);
  await dana.keys('k');
  await becomes(() => dana.queue.locator('tbody tr').count(), 25);
  await becomes(() => dana.queue.locator('input[name=ids]:checked').count(), 2, 'the boxes are checked again');
  assert.equal(await chosen(), 3);
});

journey('"?" shows every key in a dialog that keeps the focus, and they can be switched off', { alerts: lab() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dana.keys('j');
  const row = await dana.row_();
  await dana.keys('?');
  await dialog.waitFor();
  for (const key of ['j', 'x', 'Enter', '[', 'c', 'r', 't', '/', 'f', '?']) assert.ok(await dialog.locator('kbd').getByText(key, { exact: true }).count(), key);
  for (let step = 0; step < 6; step += 1) {
    assert.ok(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))), 'the focus stays inside');
    await dana.keys('Tab');
  }
  await dana.keys('j', 'Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await dana.row_(), row, 'the focus comes back to where it was');

  // Without the key: the button that everybody sees.
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
  await dana.keys('Enter');
  await dialog.getByRole('checkbox', { name: 'Use single-key shortcuts' }).focus();
  await dana.keys('Space', 'Escape');
  await page.reload();
  await dana.keys('j', '?');
  assert.equal(await dana.row_(), null);
  assert.equal(await dialog.count(), 0);
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
  await dana.keys('Enter');
  await dialog.getByRole('checkbox', { name: 'Use single-key shortcuts' }).focus();
  await dana.keys('Space', 'Escape', 'j');
  await becomes(async () => Boolean(await dana.row_()), true);
});

journey('the keys work on the incident page where they make sense', { alerts: lab() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  const id = await dana.id(PAIR);
  const active = (field) => becomes(() => field.evaluate((one) => one === document.activeElement), true);
  await dana.keys('j');
  await page.goto(`/incidents?q=${encodeURIComponent(SERVICE)}&range=all`);
  await page.goto(`/incidents/${id}`);
  await dana.keys('c');
  await active(dana.field('Add comment', page));
  await page.getByRole('button', { name: 'Comment', exact: true }).focus();
  await dana.keys('t');
  await active(dana.field('Tags', dana.manage));
  await page.getByRole('button', { name: 'Comment', exact: true }).focus();
  await dana.keys('r');
  await active(dana.field('Resolution note', dana.manage));
  await page.getByRole('button', { name: 'Comment', exact: true }).focus();
  await dana.keys('a');
  await becomes(() => dana.field('Assigned to', dana.manage).inputValue(), 'dana');
  await dana.keys('/');
  await active(page.getByRole('searchbox', { name: 'Search Watchdesk' }));
  await page.getByRole('button', { name: 'Comment', exact: true }).focus();
  await dana.keys('g', 'a');
  await page.waitForURL('**/alerts');
  await dana.keys('g', 'i');
  await page.waitForURL('**/incidents');
});

journey('nothing that is typed is taken for a command: fields, lists, modifiers and input methods', { alerts: lab() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  await dana.openPane(PAIR);
  const before = page.url();
  for (const field of ['Incident name', 'Tags', 'Add comment']) {
    await dana.field(field).fill('');
    await dana.field(field).focus();
    await dana.type('xjk/?a[]');
    assert.equal(await dana.field(field).inputValue(), 'xjk/?a[]');
  }
  await dana.field('Severity').focus();
  await dana.keys('u', 'x', 'c');
  assert.ok(await dana.field('Severity').evaluate((field) => field === document.activeElement));
  await page.getByRole('button', { name: 'Save' }).focus();
  await dana.keys('Control+a', 'Alt+j', 'Control+k');
  // What an input method is still composing is no key press of ours.
  await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', isComposing: true, bubbles: true })));
  assert.ok(await page.getByRole('button', { name: 'Save' }).evaluate((button) => button === document.activeElement));
  assert.equal(page.url(), before);
  assert.equal(await dana.queue.locator('input:checked').count(), 0);
});

journey('everything can be done without single keys', { alerts: lab() }, async (world) => {
  const dana = await signedInByKeys(world);
  const { page } = dana;
  const id = await dana.id(PAIR);
  await page.evaluate(() => localStorage.setItem('watchdesk:single-keys', 'off'));
  await page.goto('/incidents');
  await dana.tabTo(new RegExp(`^Select incident ${id}$`));
  await dana.keys('Space');
  await dana.tabTo(new RegExp(`^Open pane of ${id}$`));
  await dana.keys('Enter');
  await becomes(() => dana.paneId(), String(id));
  for (const name of [/^Next incident$|^Previous incident$/, /^Close$/, /^Open incident page$/, /^Assign to me$/]) await dana.tabTo(name);
  await dana.keys('Enter');
  await eventually(async () => assert.equal(await dana.field('Assigned to').inputValue(), 'dana'));
  for (const label of ['Status', 'Classification', 'Assigned to', 'Severity', 'Incident name', 'Tags', 'Add comment']) {
    // Looked up each time: the save's answer takes the pane's place while Tab is on its way.
    const field = dana.field(label);
    let reached = false;
    for (let step = 0; step < 40 && !reached; step += 1) { reached = await field.evaluate((one) => one === document.activeElement); if (!reached) await dana.keys('Tab'); }
    assert.ok(reached, label);
  }
});
