// An incident from the queue to its end, with and without JavaScript.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, SERVICE, lab } from './support/alerts.mjs';
import { becomes, shows, staysFrom } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

for (const { how, scripted, options } of BOTH) {
  const triage = (claim, act) => journey(`${claim}, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    await act(new Analyst(page, { scripted }), page, world);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  triage('signing in shows the open incidents, newest update first', async (dana) => {
    const names = await dana.names();
    assert.equal(names.length, 3);
    for (const [index, name] of [SCAN, MAILRULE, PAIR].entries()) assert.ok(names[index].startsWith(name), names.join(' | '));
  });

  triage('the pane opens beside the queue, and its link opens the page', async (dana, page) => {
    const stays = scripted ? await staysFrom(page) : async () => {};
    const id = await dana.openPane(PAIR);
    assert.equal(new URL(page.url()).pathname, '/incidents');
    assert.equal(new URL(page.url()).searchParams.get('pane'), String(id));
    assert.ok(await dana.queue.isVisible());
    await stays();
    await dana.pane.getByRole('link', { name: 'Open incident page' }).click();
    await page.waitForURL(`**/incidents/${id}`);
    await page.getByRole('heading', { level: 1, name: PAIR }).waitFor();
  });

  triage('the name of a row opens the incident page', async (dana, page) => {
    const id = await dana.id(PAIR);
    await dana.row(PAIR).getByRole('link', { name: PAIR }).click();
    await page.waitForURL(`**/incidents/${id}`);
    await dana.manage.waitFor();
    await page.goBack();
    await dana.queue.waitFor();
  });

  triage('"Assign to me" takes the incident with its alerts', async (dana, page) => {
    const id = await dana.openPane(PAIR);
    await dana.press('Assign to me');
    await becomes(() => dana.field('Assigned to').inputValue(), 'dana');
    await dana.pane.getByRole('button', { name: 'Assign to me' }).waitFor({ state: 'detached' });
    await shows(dana.history(), /Assigned to: Unassigned → Dana Reyes/);
    await becomes(async () => (await dana.row(PAIR).innerText()).includes('Dana Reyes'), true, 'the row names its owner');
    await page.goto(`/incidents/${id}/alerts`);
    await becomes(() => dana.alerts.getByRole('row').filter({ hasText: 'Dana Reyes' }).count(), 2);
  });

  triage('one Save changes name, severity, status, classification and tag, and records each', async (dana, page) => {
    const id = await dana.openPane(PAIR);
    await dana.field('Incident name').fill('Lab share used to install a service');
    await dana.field('Severity').selectOption('medium');
    await dana.field('Status').selectOption('inProgress');
    await dana.field('Classification').selectOption('truePositive:maliciousUserActivity');
    await dana.tag('lab drill');
    await dana.save();
    for (const entry of [
      `Name: "${PAIR}" → "Lab share used to install a service"`,
      /Severity: High.* → Medium/,
      'Status: Active → In progress',
      /Classification: Not set → True positive - Malicious user activity/,
      'Tag added: lab drill',
    ]) await shows(dana.history(), entry);
    assert.ok(await dana.pane.getByRole('checkbox', { name: 'Tag lab drill' }).isChecked());
    // Beside the pane there is not always room for every column.
    await dana.press('Close');
    const row = dana.row('Lab share used to install a service');
    for (const text of ['lab drill', 'Medium', 'In progress']) await shows(row, text);
    await page.goto(`/incidents/${id}`);
    await page.getByRole('heading', { level: 1, name: 'Lab share used to install a service' }).waitFor();
  });

  triage('saving without a change records nothing', async (dana) => {
    await dana.openPane(PAIR);
    const before = await dana.history().getByRole('listitem').count();
    await dana.press('Save');
    await dana.isTold('Nothing was changed.');
    assert.equal(await dana.history().getByRole('listitem').count(), before);
  });

  triage('the automatic name comes back when asked for', async (dana) => {
    await dana.openPane(SCAN);
    await dana.field('Incident name').fill('Only the inventory scanner');
    await dana.save();
    await dana.press('Use the automatic name');
    await becomes(() => dana.field('Incident name').inputValue().catch(() => ''), `${SCAN} on one endpoint`);
  });

  triage('Enter in the name field saves the name that was typed', async (dana, page) => {
    await dana.openPane(SCAN);
    await dana.field('Incident name').fill('First name by hand');
    await dana.field('Incident name').press('Enter');
    await shows(dana.history(), /→ "First name by hand"/);
    await dana.field('Incident name').fill('Second name by hand');
    await dana.field('Incident name').press('Enter');
    await shows(dana.history().getByRole('listitem').first(), /"First name by hand" →/);
    await becomes(() => dana.field('Incident name').inputValue().catch(() => ''), 'Second name by hand');
    await page.reload();
    assert.equal(await dana.field('Incident name').inputValue(), 'Second name by hand');
  });

  triage('a comment stands on top of Comments and history', async (dana) => {
    await dana.openPane(PAIR);
    await dana.comment('Asked the owner of **lab-ws-17**.');
    await shows(dana.history().getByRole('listitem').first(), 'Asked the owner of lab-ws-17.');
    await becomes(() => dana.field('Add comment').inputValue(), '');
  });

  triage('Previous and Next walk along the queue, and Close leaves it', async (dana, page) => {
    const ids = [];
    for (const name of await dana.names()) ids.push(await dana.id(name));
    await dana.openPane((await dana.names())[0]);
    assert.equal(await dana.pane.getByRole('link', { name: 'Previous incident' }).getAttribute('aria-disabled'), 'true');
    await dana.pane.getByRole('link', { name: 'Next incident' }).click();
    await dana.paneShows(ids[1]);
    await dana.pane.getByRole('link', { name: 'Next incident' }).click();
    await dana.paneShows(ids[2]);
    assert.equal(await dana.pane.getByRole('link', { name: 'Next incident' }).getAttribute('aria-disabled'), 'true');
    await dana.pane.getByRole('link', { name: 'Previous incident' }).click();
    await dana.paneShows(ids[1]);
    await dana.press('Close');
    await dana.pane.waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('pane'), null);
    assert.ok(await dana.queue.isVisible());
  });

  triage('the queue can be filtered by a tag', async (dana, page) => {
    await dana.openPane(MAILRULE);
    await dana.tag('mail rules');
    await dana.save();
    await page.goto('/incidents');
    const filters = page.getByRole('region', { name: 'Filters' });
    await filters.getByText('Add filter').click();
    await filters.getByRole('group', { name: /^Tags?/ }).getByRole('checkbox', { name: 'mail rules' }).check();
    await filters.getByRole('button', { name: 'Apply' }).click();
    await becomes(async () => (await dana.names()).length, 1);
    await shows(dana.row(MAILRULE), 'mail rules');
    assert.deepEqual(new URL(page.url()).searchParams.getAll('tag'), ['mail rules']);
  });

  triage('the search finds an incident by name, by ID and by asset', async (dana, page) => {
    const id = await dana.id(MAILRULE);
    for (const [typed, found] of [['Forwarding rule', MAILRULE], [String(id), MAILRULE], ['lab-probe-3', SCAN]]) {
      await page.getByRole('searchbox', { name: 'Search for name, ID or asset' }).fill(typed);
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL((url) => url.searchParams.get('q') === typed);
      const names = await dana.names();
      assert.equal(names.length, 1, `"${typed}" finds ${names}`);
      assert.ok(names[0].startsWith(found), `"${typed}" finds ${names}`);
    }
  });

  triage('resolving asks for a note and resolves the open alerts; Active opens them again', async (dana, page) => {
    const id = await dana.openPane(PAIR);
    assert.ok(!(await dana.field('Resolution note').isVisible()), 'the note is asked for only when resolving');
    await dana.field('Status').selectOption('resolved');
    // Without a script the page cannot know the choice before it is sent, unless its style does.
    await dana.field('Resolution note').fill('The drill of Thursday; the service is gone.');
    await dana.field('Classification').selectOption('informationalExpectedActivity:securityTesting');
    await dana.save();
    await shows(dana.history(), /Status: Active → Resolved/);
    await shows(dana.history(), /The drill of Thursday; the service is gone\./);
    await page.goto(`/incidents/${id}/alerts`);
    await becomes(() => dana.alerts.getByRole('row').filter({ hasText: 'Resolved' }).count(), 2);
    await dana.field('Status', dana.manage).selectOption('active');
    await dana.save(dana.manage);
    await becomes(() => dana.alerts.getByRole('row').filter({ hasText: 'Resolved' }).count(), 0);
    for (const title of [SCRIPT, SERVICE]) assert.ok(await dana.alerts.getByRole('link', { name: title }).isVisible());
  });

  triage('several incidents are managed at once', async (dana, page) => {
    for (const name of [MAILRULE, SCAN]) await dana.row(name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Manage incidents' }).click();
    const form = page.getByRole('region', { name: 'Manage incidents' });
    await form.getByLabel('Status').selectOption('inProgress');
    await form.getByLabel('Add tags').fill('two at once');
    await form.getByRole('button', { name: 'Save' }).click();
    await dana.isTold('2 incidents changed.');
    for (const name of [MAILRULE, SCAN]) {
      await shows(dana.row(name), 'In progress');
      await shows(dana.row(name), 'two at once');
    }
    await shows(dana.row(PAIR), 'Active');
  });
}
