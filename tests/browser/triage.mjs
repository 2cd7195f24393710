// An incident from the queue to its end, with and without JavaScript.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, SERVICE, lab } from './support/alerts.mjs';
import { becomes, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

for (const { how, scripted, options } of BOTH) {
  const triage = (claim, act) => journey(`${claim}, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('lena', options);
    await act(new Analyst(page, { scripted }), page, world);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  triage('signing in shows the open incidents, newest update first', async (lena) => {
    const names = await lena.names();
    assert.equal(names.length, 3);
    for (const [index, name] of [SCAN, MAILRULE, PAIR].entries()) assert.ok(names[index].startsWith(name), names.join(' | '));
  });

  triage('the pane opens beside the queue, and its link opens the page', async (lena, page) => {
    const stays = scripted ? await staysFrom(page) : async () => {};
    const id = await lena.openPane(PAIR);
    assert.equal(new URL(page.url()).pathname, '/incidents');
    assert.equal(new URL(page.url()).searchParams.get('pane'), String(id));
    assert.ok(await lena.queue.isVisible());
    await stays();
    await lena.pane.getByRole('link', { name: 'Open incident page' }).click();
    await page.waitForURL(`**/incidents/${id}`);
    await page.getByRole('heading', { level: 1, name: PAIR }).waitFor();
  });

  triage('the name of a row opens the incident page', async (lena, page) => {
    const id = await lena.id(PAIR);
    await lena.row(PAIR).getByRole('link', { name: PAIR }).click();
    await page.waitForURL(`**/incidents/${id}`);
    await lena.manage.waitFor();
    await page.goBack();
    await lena.queue.waitFor();
  });

  triage('"Assign to me" takes the incident with its alerts', async (lena, page) => {
    const id = await lena.openPane(PAIR);
    await lena.press('Assign to me');
    await becomes(() => lena.field('Assigned to').inputValue(), 'lena');
    await lena.pane.getByRole('button', { name: 'Assign to me' }).waitFor({ state: 'detached' });
    await shows(lena.history(), /Assigned to: Unassigned → Lena Fischer/);
    await becomes(async () => (await lena.row(PAIR).innerText()).includes('Lena Fischer'), true, 'the row names its owner');
    await page.goto(`/incidents/${id}/alerts`);
    await becomes(() => lena.alerts.getByRole('row').filter({ hasText: 'Lena Fischer' }).count(), 2);
  });

  triage('one Save changes name, severity, status, classification and tag, and records each', async (lena, page) => {
    const id = await lena.openPane(PAIR);
    await lena.field('Incident name').fill('Lab share used to install a service');
    await lena.field('Severity').selectOption('medium');
    await lena.field('Status').selectOption('inProgress');
    await lena.field('Classification').selectOption('truePositive:maliciousUserActivity');
    await lena.tag('lab drill');
    await lena.save();
    for (const entry of [
      `Name: "${PAIR}" → "Lab share used to install a service"`,
      /Severity: High.* → Medium/,
      'Status: Active → In progress',
      /Classification: Not set → True positive - Malicious user activity/,
      'Tag added: lab drill',
    ]) await shows(lena.history(), entry);
    assert.ok(await lena.pane.getByRole('checkbox', { name: 'Tag lab drill' }).isChecked());
    // Beside the pane there is not always room for every column.
    await lena.press('Close');
    const row = lena.row('Lab share used to install a service');
    for (const text of ['lab drill', 'Medium', 'In progress']) await shows(row, text);
    await page.goto(`/incidents/${id}`);
    await page.getByRole('heading', { level: 1, name: 'Lab share used to install a service' }).waitFor();
  });

  triage('saving without a change records nothing', async (lena) => {
    await lena.openPane(PAIR);
    const before = await lena.history().getByRole('listitem').count();
    await lena.press('Save');
    await lena.isTold('Nothing was changed.');
    assert.equal(await lena.history().getByRole('listitem').count(), before);
  });

  triage('the automatic name comes back when asked for', async (lena) => {
    await lena.openPane(SCAN);
    await lena.field('Incident name').fill('Only the inventory scanner');
    await lena.save();
    await lena.press('Use the automatic name');
    await becomes(() => lena.field('Incident name').inputValue().catch(() => ''), await lena.names().then((names) => names.find((name) => name.startsWith(SCAN)) ?? SCAN));
  });

  triage('Enter in the name field saves the name that was typed', async (lena, page) => {
    await lena.openPane(SCAN);
    await lena.field('Incident name').fill('First name by hand');
    await lena.field('Incident name').press('Enter');
    await shows(lena.history(), /→ "First name by hand"/);
    await lena.field('Incident name').fill('Second name by hand');
    await lena.field('Incident name').press('Enter');
    await shows(lena.history().getByRole('listitem').first(), /"First name by hand" →/);
    await becomes(() => lena.field('Incident name').inputValue().catch(() => ''), 'Second name by hand');
    await page.reload();
    assert.equal(await lena.field('Incident name').inputValue(), 'Second name by hand');
  });

  triage('a comment stands on top of Comments and history', async (lena) => {
    await lena.openPane(PAIR);
    await lena.comment('Asked the owner of **lab-ws-17**.');
    await shows(lena.history().getByRole('listitem').first(), 'Asked the owner of lab-ws-17.');
    await becomes(() => lena.field('Add comment').inputValue(), '');
  });

  triage('Previous and Next walk along the queue, and Close leaves it', async (lena, page) => {
    const ids = [];
    for (const name of await lena.names()) ids.push(await lena.id(name));
    await lena.openPane((await lena.names())[0]);
    assert.equal(await lena.pane.getByRole('link', { name: 'Previous incident' }).getAttribute('aria-disabled'), 'true');
    await lena.pane.getByRole('link', { name: 'Next incident' }).click();
    await lena.paneShows(ids[1]);
    await lena.pane.getByRole('link', { name: 'Next incident' }).click();
    await lena.paneShows(ids[2]);
    assert.equal(await lena.pane.getByRole('link', { name: 'Next incident' }).getAttribute('aria-disabled'), 'true');
    await lena.pane.getByRole('link', { name: 'Previous incident' }).click();
    await lena.paneShows(ids[1]);
    await lena.press('Close');
    await lena.pane.waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('pane'), null);
    assert.ok(await lena.queue.isVisible());
  });

  triage('the queue can be filtered by a tag', async (lena, page) => {
    await lena.openPane(MAILRULE);
    await lena.tag('mail rules');
    await lena.save();
    await page.goto('/incidents');
    const filters = page.getByRole('region', { name: 'Filters' });
    await filters.getByText('Add filter').click();
    await filters.getByRole('group', { name: /^Tags?/ }).getByRole('checkbox', { name: 'mail rules' }).check();
    await filters.getByRole('button', { name: 'Apply' }).click();
    await becomes(async () => (await lena.names()).length, 1);
    await shows(lena.row(MAILRULE), 'mail rules');
    assert.deepEqual(new URL(page.url()).searchParams.getAll('tag'), ['mail rules']);
  });

  triage('the search finds an incident by name, by ID and by asset', async (lena, page) => {
    const id = await lena.id(MAILRULE);
    for (const [typed, found] of [['Forwarding rule', MAILRULE], [String(id), MAILRULE], ['lab-probe-3', SCAN]]) {
      await page.getByRole('searchbox', { name: 'Search for name, ID or asset' }).fill(typed);
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL((url) => url.searchParams.get('q') === typed);
      const names = await lena.names();
      assert.equal(names.length, 1, `"${typed}" finds ${names}`);
      assert.ok(names[0].startsWith(found), `"${typed}" finds ${names}`);
    }
  });

  triage('resolving asks for a note and resolves the open alerts; Active opens them again', async (lena, page) => {
    const id = await lena.openPane(PAIR);
    assert.ok(!(await lena.field('Resolving note').isVisible()), 'the note is asked for only when resolving');
    await lena.field('Status').selectOption('resolved');
    // Without a script the page cannot know the choice before it is sent, unless its style does.
    await lena.field('Resolving note').fill('The drill of Thursday; the service is gone.');
    await lena.field('Classification').selectOption('informationalExpectedActivity:securityTesting');
    await lena.save();
    await shows(lena.history(), /Status: Active → Resolved/);
    await shows(lena.history(), /The drill of Thursday; the service is gone\./);
    await page.goto(`/incidents/${id}/alerts`);
    await becomes(() => lena.alerts.getByRole('row').filter({ hasText: 'Resolved' }).count(), 2);
    await lena.field('Status', lena.manage).selectOption('active');
    await lena.save(lena.manage);
    await becomes(() => lena.alerts.getByRole('row').filter({ hasText: 'Resolved' }).count(), 0);
    for (const title of [SCRIPT, SERVICE]) assert.ok(await lena.alerts.getByRole('link', { name: title }).isVisible());
  });

  triage('several incidents are managed at once', async (lena, page) => {
    for (const name of [MAILRULE, SCAN]) await lena.row(name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Manage incidents' }).click();
    const form = page.getByRole('region', { name: 'Manage incidents' });
    await form.getByLabel('Status').selectOption('inProgress');
    await form.getByLabel('Add tags').fill('two at once');
    await form.getByRole('button', { name: 'Save' }).click();
    await lena.isTold('2 incidents changed.');
    for (const name of [MAILRULE, SCAN]) {
      await shows(lena.row(name), 'In progress');
      await shows(lena.row(name), 'two at once');
    }
    await shows(lena.row(PAIR), 'Active');
  });
}
