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
  const lena = new Typist(page);
  await page.goto('/login');
  await page.getByLabel('User name').focus();
  await lena.type('lena');
  await lena.keys('Tab');
  await lena.type(world.server.password);
  await lena.keys('Enter');
  await lena.queue.waitFor();
  // The keys are there when the button that shows them is.
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
  return lena;
}

journey('twenty incidents are walked with j and k and with the arrows, across a page boundary, and nothing is loaded again', { alerts: crowd() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  await page.goto('/incidents?limit=25&sort=id');
  const stays = await staysFrom(page);
  const pages = [];
  // Opening an incident fetches its pane alone, crossing a page its rows alone.
  page.on('request', (request) => { if (request.isNavigationRequest() || new URL(request.url()).pathname === '/incidents') pages.push(request.url()); });
  const ids = await lena.queue.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  assert.equal(ids.length, 25);

  for (let step = 0; step < 22; step += 1) await lena.keys('j');
  assert.equal(await lena.row_(), ids[21]);
  await lena.keys('k', 'Enter');
  await becomes(() => lena.paneId(), ids[20]);
  assert.ok(await lena.inPane(), 'the focus goes into the pane');
  for (let at = 21; at < 25; at += 1) { await lena.keys(']'); await becomes(() => lena.paneId(), ids[at]); }

  // Over the end of the page: the other rows come, the address follows, the pane walks on.
  await lena.keys(']');
  await becomes(() => lena.queue.locator('tbody tr').count(), MANY - 25);
  const second = await lena.queue.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.row));
  await becomes(() => lena.paneId(), second[0]);
  const url = new URL(page.url());
  assert.equal(url.searchParams.get('pane'), second[0]);
  assert.ok(url.searchParams.get('after'), 'the address names the page');
  assert.equal(await lena.queue.locator('tr[aria-current]').getAttribute('data-row'), second[0]);
  await lena.keys('[');
  await becomes(() => lena.paneId(), ids[24]);
  await becomes(() => lena.queue.locator('tbody tr').count(), 25);
  assert.equal(new URL(page.url()).searchParams.get('after'), null);

  // Back and Forward walk the same way.
  await page.goBack();
  await becomes(() => lena.paneId(), second[0]);
  await becomes(() => lena.queue.locator('tbody tr').count(), MANY - 25);
  await page.goForward();
  await becomes(() => lena.paneId(), ids[24]);
  await becomes(() => lena.queue.locator('tbody tr').count(), 25);

  await lena.keys('u');
  await lena.pane.waitFor({ state: 'detached' });
  assert.equal(await lena.row_(), ids[24]);
  await lena.keys('j');
  await becomes(() => lena.row_(), second[0], 'j goes on to the next page');
  await lena.keys('k');
  await becomes(() => lena.row_(), ids[24], 'and k back');
  await stays();
  assert.deepEqual(pages, [], 'a page was loaded');
  assert.deepEqual(world.complaints, []);

  // What the address says is what a fresh load shows.
  await page.goto(url.href);
  await becomes(() => lena.paneId(), second[0]);
  assert.equal(await lena.queue.locator('tr[aria-current]').getAttribute('data-row'), second[0]);
});

journey('an incident is taken, commented, tagged, classified and resolved with keys', { alerts: lab() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  const id = String(await lena.id(PAIR));
  await lena.keys('/');
  assert.ok(await page.getByRole('searchbox', { name: 'Search for name, ID or asset' }).evaluate((field) => field === document.activeElement));
  await lena.type(PAIR);
  await lena.keys('Enter');
  await becomes(async () => (await lena.names()).length, 1);
  await lena.keys('j', 'o');
  await becomes(() => lena.paneId(), id);
  const stays = await staysFrom(page);

  await lena.keys('a');
  await becomes(() => lena.field('Assigned to').inputValue(), 'lena');
  await lena.keys('c');
  // Keys that are commands elsewhere are letters here.
  await lena.type('a j x ? [r] went to / and back');
  assert.equal(await lena.field('Add comment').inputValue(), 'a j x ? [r] went to / and back');
  await lena.keys('Control+Enter');
  await shows(lena.history().getByRole('listitem').first(), 'a j x ? [r] went to / and back');
  await lena.keys('Escape', 't');
  assert.ok(await lena.field('Tags').evaluate((field) => field === document.activeElement));
  await lena.type('keys only');
  await lena.keys('Enter', 'Escape', 'r');
  assert.ok(await lena.field('Resolving note').evaluate((field) => field === document.activeElement));
  assert.equal(await lena.field('Status').inputValue(), 'resolved');
  await lena.type('A drill.');
  await lena.choose(lena.field('Classification'), 'Informational');
  await lena.tabTo(/^Save$/);
  await lena.keys('Enter');
  await lena.isTold('Saved.');
  for (const entry of [/Status: Active → Resolved/, 'A drill.', 'Tag added: keys only', /Classification: Not set → Informational/]) await shows(lena.history(), entry);
  await becomes(() => lena.queue.locator(`#row-${id}.gone`).count(), 1, 'its row is dimmed, and stays');
  await lena.keys('Escape');
  await lena.pane.waitFor({ state: 'detached' });
  assert.equal(await lena.row_(), id, 'the focus is back in its row');
  await stays();
  assert.deepEqual(world.complaints, []);
});

journey('rows are selected with x and managed together, and one is taken from the list', { alerts: lab() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  await lena.keys('j');
  const first = await lena.row_();
  await lena.keys('a');
  await lena.isTold(`Incident ${first} is assigned to you`);
  await shows(page.locator(`#row-${first}`), 'Lena Fischer');
  assert.equal(await lena.row_(), first, 'the focus stays in the row');
  await lena.keys('x', 'j', 'x');
  assert.equal(await lena.queue.locator('input[name=ids]:checked').count(), 2);
  await page.getByRole('button', { name: 'Manage incidents' }).focus();
  await lena.keys('Enter');
  const form = page.getByRole('region', { name: 'Manage incidents' });
  await lena.choose(form.getByLabel('Status'), 'In progress');
  await lena.tabTo(/^Save$/);
  await lena.keys('Enter');
  await lena.isTold('2 incidents changed.');
  await becomes(() => lena.queue.getByRole('row').filter({ hasText: 'In progress' }).count(), 2);
  assert.deepEqual(world.complaints, []);
});

journey('a selection outlives the walk over a page boundary', { alerts: crowd() }, async (world) => {
  const lena = await signedInByKeys(world);
  await lena.page.goto('/incidents?limit=25&sort=id');
  await lena.keys('j', 'x', 'j', 'x');
  for (let step = 0; step < 23; step += 1) await lena.keys('j');
  await lena.keys('j');
  await becomes(() => lena.queue.locator('tbody tr').count(), MANY - 25);
  await lena.keys('x');
  const chosen = () => lena.page.evaluate(() => new FormData(document.getElementById('bulk')).getAll('ids').length);
  assert.equal(await chosen(), 3);
  await lena.keys('k');
  await becomes(() => lena.queue.locator('tbody tr').count(), 25);
  await becomes(() => lena.queue.locator('input[name=ids]:checked').count(), 2, 'the boxes are checked again');
  assert.equal(await chosen(), 3);
});

journey('"?" shows every key in a dialog that keeps the focus, and they can be switched off', { alerts: lab() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await lena.keys('j');
  const row = await lena.row_();
  await lena.keys('?');
  await dialog.waitFor();
  for (const key of ['j', 'x', 'Enter', '[', 'c', 'r', 't', '/', '?']) assert.ok(await dialog.locator('kbd').getByText(key, { exact: true }).count(), key);
  for (let step = 0; step < 6; step += 1) {
    assert.ok(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))), 'the focus stays inside');
    await lena.keys('Tab');
  }
  await lena.keys('j', 'Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await lena.row_(), row, 'the focus comes back to where it was');

  // Without the key: the button that everybody sees.
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
  await lena.keys('Enter');
  await dialog.getByRole('checkbox', { name: 'Use single-key shortcuts' }).focus();
  await lena.keys('Space', 'Escape');
  await page.reload();
  await lena.keys('j', '?');
  assert.equal(await lena.row_(), null);
  assert.equal(await dialog.count(), 0);
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
  await lena.keys('Enter');
  await dialog.getByRole('checkbox', { name: 'Use single-key shortcuts' }).focus();
  await lena.keys('Space', 'Escape', 'j');
  await becomes(async () => Boolean(await lena.row_()), true);
});

journey('the keys work on the incident page where they make sense', { alerts: lab() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  const id = await lena.id(PAIR);
  const active = (field) => becomes(() => field.evaluate((one) => one === document.activeElement), true);
  await lena.keys('j');
  await page.goto(`/incidents?q=${encodeURIComponent(SERVICE)}&range=all`);
  await page.goto(`/incidents/${id}`);
  await lena.keys('c');
  await active(lena.field('Add comment', page));
  await page.getByRole('button', { name: 'Comment', exact: true }).focus();
  await lena.keys('t');
  await active(lena.field('Tags', lena.manage));
  await lena.keys('Tab', 'r');
  await active(lena.field('Resolving note', lena.manage));
  await page.getByRole('button', { name: 'Comment', exact: true }).focus();
  await lena.keys('a');
  await becomes(() => lena.field('Assigned to', lena.manage).inputValue(), 'lena');
  await lena.keys('/');
  await page.waitForURL('**/incidents#search');
  await active(page.getByRole('searchbox', { name: 'Search for name, ID or asset' }));
  await lena.queue.getByRole('link', { name: `Open pane of ${id}` }).focus();
  await lena.keys('g', 'a');
  await page.waitForURL('**/alerts');
  await lena.keys('g', 'i');
  await page.waitForURL('**/incidents');
});

journey('nothing that is typed is taken for a command: fields, lists, modifiers and input methods', { alerts: lab() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  await lena.openPane(PAIR);
  const before = page.url();
  for (const field of ['Incident name', 'Tags', 'Add comment']) {
    await lena.field(field).fill('');
    await lena.field(field).focus();
    await lena.type('xjk/?a[]');
    assert.equal(await lena.field(field).inputValue(), 'xjk/?a[]');
  }
  await lena.field('Severity').focus();
  await lena.keys('u', 'x', 'c');
  assert.ok(await lena.field('Severity').evaluate((field) => field === document.activeElement));
  await page.getByRole('button', { name: 'Save' }).focus();
  await lena.keys('Control+a', 'Alt+j', 'Control+k');
  // What an input method is still composing is no key press of ours.
  await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', isComposing: true, bubbles: true })));
  assert.ok(await page.getByRole('button', { name: 'Save' }).evaluate((button) => button === document.activeElement));
  assert.equal(page.url(), before);
  assert.equal(await lena.queue.locator('input:checked').count(), 0);
});

journey('every act is reached without single keys', { alerts: lab() }, async (world) => {
  const lena = await signedInByKeys(world);
  const { page } = lena;
  const id = await lena.id(PAIR);
  await page.evaluate(() => localStorage.setItem('watchdesk:single-keys', 'off'));
  await page.goto('/incidents');
  await lena.tabTo(new RegExp(`^Select incident ${id}$`));
  await lena.keys('Space');
  await lena.tabTo(new RegExp(`^Open pane of ${id}$`));
  await lena.keys('Enter');
  await becomes(() => lena.paneId(), String(id));
  for (const name of [/^Next incident$|^Previous incident$/, /^Close$/, /^Open incident page$/, /^Assign to me$/]) await lena.tabTo(name);
  await lena.keys('Enter');
  await eventually(async () => assert.equal(await lena.field('Assigned to').inputValue(), 'lena'));
  for (const label of ['Incident name', 'Severity', 'Status', 'Classification', 'Assigned to', 'Tags', 'Add comment']) {
    // Looked up each time: the save's answer takes the pane's place while Tab is on its way.
    const field = lena.field(label);
    let reached = false;
    for (let step = 0; step < 40 && !reached; step += 1) { reached = await field.evaluate((one) => one === document.activeElement); if (!reached) await lena.keys('Tab'); }
    assert.ok(reached, label);
  }
});
