// The same triage hour through the accessibility tree alone: roles and names, what is announced,
// and where the focus is. Nothing here looks at classes, colours or places.
import assert from 'node:assert/strict';
import { Analyst } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, alert, device, lab } from './support/alerts.mjs';
import { becomes, eventually } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

/** Keeps every announcement of a page, as a screen reader would speak it. */
function listen() {
  window.spoken = [];
  const region = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('[role=status], [role=alert], [aria-live]');
  new MutationObserver((changes) => {
    for (const change of changes) {
      const place = region(change.target);
      if (!place || place.closest('[hidden]')) continue;
      // A list tells what was added, the others what they say now.
      const added = place.getAttribute('aria-relevant') === 'additions';
      const said = added ? [...change.addedNodes].map((node) => node.textContent).join(' ') : place.textContent;
      if (said.trim()) window.spoken.push(said.replace(/\s+/g, ' ').trim());
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['hidden'] });
}

class Listener extends Analyst {
  static async signIn(world, name = 'dana') {
    const page = await world.browse();
    await page.addInitScript(listen);
    await page.goto('/login');
    await page.getByRole('textbox', { name: 'User name' }).fill(name);
    await page.getByLabel('Password').fill(world.server.password);
    await page.getByRole('button', { name: 'Sign in' }).press('Enter');
    const listener = new Listener(page);
    await listener.queue.waitFor();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    return listener;
  }

  async hears(words, within = 15_000) {
    const matches = (said) => (words instanceof RegExp ? words.test(said) : said.includes(words));
    await eventually(async () => {
      const spoken = await this.page.evaluate(() => window.spoken);
      assert.ok(spoken.some(matches), `nobody said ${words}, only: ${spoken.join(' | ')}`);
    }, within);
  }

  /** What is read when the focus is where it is: name and description. */
  focused() {
    return this.page.evaluate(() => {
      const at = document.activeElement;
      const described = (at.getAttribute('aria-describedby') || '').split(' ').map((id) => document.getElementById(id)?.textContent).filter(Boolean);
      const label = at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent;
      return [label, ...described].join('. ').replace(/\s+/g, ' ').trim();
    });
  }

  async isAt(words) { await eventually(async () => assert.match(await this.focused(), words)); }
  link(name) { return this.pane.getByRole('link', { name, exact: true }); }
}

journey('the queue says where one is: landmarks, headings, columns, rows', { alerts: lab() }, async (world) => {
  const dana = await Listener.signIn(world);
  const { page } = dana;
  for (const landmark of [['banner'], ['navigation', 'Main'], ['main'], ['search'], ['region', 'Filters'], ['region', 'Incident list']]) {
    assert.ok(await page.getByRole(landmark[0], landmark[1] ? { name: landmark[1] } : {}).count(), landmark.join(' '));
  }
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Incidents');
  for (const column of ['Incident name', 'Severity', 'Status', 'Assigned to', 'Last update']) {
    assert.equal(await dana.queue.getByRole('columnheader', { name: column, exact: true }).count(), 1, column);
  }
  assert.equal(await dana.queue.getByRole('columnheader', { name: 'Last update' }).getAttribute('aria-sort'), 'descending');
  const row = await dana.row(PAIR).ariaSnapshot();
  for (const part of [/checkbox "Select incident \d+"/, `link "${PAIR}`, /link "Open pane of \d+"/, 'High', 'Active', 'device lab-ws-17']) {
    assert.ok(part instanceof RegExp ? part.test(row) : row.includes(part), `${part} is not in ${row}`);
  }
});

journey('triage by ear: open, take, comment, classify, resolve, go on, come back', { alerts: lab() }, async (world) => {
  const dana = await Listener.signIn(world);
  const id = await dana.id(PAIR);
  await dana.row(PAIR).getByRole('link', { name: `Open pane of ${id}` }).press('Enter');
  await dana.isAt(new RegExp(`^Incident management pane\\. ${PAIR}`));
  const outline = await dana.pane.ariaSnapshot();
  for (const part of ['heading', 'link "Open incident page"', 'button "Assign to me"', 'textbox "Incident name"', 'combobox "Severity"', 'combobox "Status"', 'combobox "Classification"', 'combobox "Assigned to"', 'combobox "Tags"', 'region "Comments and history"', 'textbox "Add comment"', 'button "Comment"']) {
    assert.ok(outline.includes(part), `${part} is not in the pane:\n${outline}`);
  }
  await dana.pane.getByRole('button', { name: 'Assign to me' }).press('Enter');
  await dana.hears('Assigned to you. Its alerts were assigned too.');
  await becomes(() => dana.field('Assigned to').inputValue(), 'dana');
  await dana.hears('Assigned to: Unassigned → Dana Reyes');

  await dana.field('Add comment').fill('Heard and understood.');
  await dana.pane.getByRole('button', { name: 'Comment', exact: true }).press('Enter');
  await dana.hears('Heard and understood.');
  await dana.isAt(/^Comment$/);

  await dana.field('Status').selectOption({ label: 'Resolved' });
  await dana.field('Resolution note').fill('A drill.');
  await dana.field('Classification').selectOption('informationalExpectedActivity:securityTesting');
  await dana.pane.getByRole('button', { name: 'Save' }).press('Enter');
  await dana.hears('Resolved as Informational, expected activity - Security test.');
  await dana.isAt(/^Save$/);
  await eventually(async () => assert.match(await dana.queue.ariaSnapshot(), /No longer in this list/));

  // PAIR is the last row; from there the list is walked backwards.
  await dana.link('Previous incident').press('Enter');
  await dana.isAt(new RegExp(`^Previous incident\\. ${MAILRULE}`));
  await dana.link('Previous incident').press('Enter');
  await dana.isAt(new RegExp(SCAN));
  assert.equal(await dana.link('Previous incident').getAttribute('aria-disabled'), 'true');
  const scan = await dana.id(SCAN);
  await dana.pane.getByRole('button', { name: 'Close' }).press('Enter');
  await dana.pane.waitFor({ state: 'detached' });
  await dana.isAt(new RegExp(`^Open pane of ${scan}$`));
  assert.deepEqual(world.complaints, []);
});

journey('what others do is spoken, once, and "Show" leaves the focus with the answer', { alerts: lab() }, async (world) => {
  const dana = await Listener.signIn(world);
  await world.server.ingest([alert({ title: 'Something new to hear', minutesAgo: 1, evidence: [device('lab-ear-1')] })]);
  await dana.hears(/^1 new$/);
  await dana.page.waitForResponse((response) => response.url().includes('/incidents/updates'));
  assert.equal((await dana.page.evaluate(() => window.spoken)).filter((said) => said === '1 new').length, 1, 'it is not repeated');
  await dana.page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
  await dana.hears('1 added');
  await dana.isAt(/^1 added$/);
  const row = await dana.row('Something new to hear').ariaSnapshot();
  assert.match(row, /New\./);
});

journey('a comment of somebody else is spoken while one listens to the incident', { alerts: lab() }, async (world) => {
  const dana = await Listener.signIn(world);
  const omar = await Listener.signIn(world, 'omar');
  for (const one of [dana, omar]) {
    await one.row(PAIR).getByRole('link', { name: /^Open pane of/ }).press('Enter');
    await one.isAt(/^Incident management pane/);
  }
  await dana.field('Add comment').fill('Can you hear me?');
  await dana.pane.getByRole('button', { name: 'Comment', exact: true }).press('Enter');
  await omar.hears(/Dana Reyes.*Can you hear me\?/);
});

journey('errors are spoken or stand where the focus goes', { alerts: lab() }, async (world) => {
  const dana = await Listener.signIn(world);
  await dana.row(PAIR).getByRole('link', { name: /^Open pane of/ }).press('Enter');
  await dana.isAt(/^Incident management pane/);
  await dana.field('Tags').fill('x'.repeat(300));
  await dana.page.keyboard.press('Enter');
  await dana.pane.getByRole('button', { name: 'Save' }).press('Enter');
  await eventually(async () => {
    const invalid = await dana.page.evaluate(() => { const at = document.activeElement; return at.getAttribute('aria-invalid') === 'true' && document.getElementById(at.getAttribute('aria-describedby'))?.textContent; });
    assert.ok(invalid, 'the focus is at the field that is wrong, and the field says why');
  });
  await world.server.kill();
  await dana.field('Add comment').fill('Into the void.');
  await dana.pane.getByRole('button', { name: 'Comment', exact: true }).press('Enter');
  await dana.hears('Your comment is still here');
  await dana.pane.getByRole('button', { name: 'Save' }).press('Enter');
  await dana.hears('Nothing was saved. Your text is still here.');
});

journey('the help is a dialog with a name, a table of keys, and gives the focus back', { alerts: lab() }, async (world) => {
  const dana = await Listener.signIn(world);
  const help = dana.page.getByRole('button', { name: 'Keyboard shortcuts' });
  await help.press('Enter');
  const dialog = dana.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.waitFor();
  assert.deepEqual(await dialog.getByRole('columnheader').allInnerTexts(), ['Key', 'Action']);
  assert.ok((await dialog.getByRole('rowheader').count()) > 10);
  assert.ok(await dialog.getByRole('checkbox', { name: 'Use single-key shortcuts' }).isChecked());
  await dialog.getByRole('button', { name: 'Close' }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await dana.isAt(/^Keyboard shortcuts$/);
});
