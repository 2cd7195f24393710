// What administrators set: rules, mappings for what was refused, repeats; and that
// its pages, with the histories it leaves, are for everybody.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, SCAN, SCRIPT, alert, device, lab, user } from './support/alerts.mjs';
import { WITH_ADMINISTRATOR } from './support/cast.mjs';
import { shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BACKUP = 'Backup job missed on a lab share';
// Shorter than its count, which must not make a text of the link.
const SHELL = 'Lab shell';
const TIE = 'Lab account signed in on a scanning machine';
const tie = () => alert({ title: TIE, minutesAgo: 10, evidence: [user('ida.holm'), device('lab-probe-3')] });

/** A sensor that says the same again and again. */
const shell = (number) => ({
  uuid: `shell-${number}`, rule: SHELL, priority: 'Notice', source: 'syscall', hostname: 'lab-node-1.lab.example',
  output: `A shell was opened (number ${number}).`, time: new Date(Date.now() - (20 - number) * MINUTE).toISOString(),
  output_fields: { 'user.name': 'app', 'proc.cmdline': 'sh' },
});
/** What a product sends that nobody knows. */
const notice = (number) => ({
  notice: { uuid: `notice-${number}`, raised: new Date(Date.now() - number * MINUTE).toISOString(), grade: 'P1' },
  detection: { label: `Browser session stolen in room ${number}` },
  machine: { hostname: `lab-ws-4${number}.lab.example` },
});

/** Makes a rule from the alert that is on the page, up to its form. */
async function ruleFromAlert(page) {
  await page.getByRole('button', { name: 'Tune' }).click();
  await page.getByRole('heading', { name: 'New rule', level: 1 }).waitFor();
  // For the alerts of every device.
  for (const asset of await page.getByRole('group', { name: 'Assets' }).getByRole('checkbox').all()) await asset.uncheck();
}

/** Opens an alert by its title. */
async function openAlert(page, title) {
  await page.goto('/alerts');
  await page.getByRole('link', { name: title }).first().click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

const told = (page, name) => page.getByRole('region', { name: 'Test result' }).locator(`[data-trial=${name}]`).innerText();

for (const { how, scripted, options } of BOTH) {
  const backups = () => [1, 2, 3].map((number) => alert({ title: BACKUP, minutesAgo: 20 + number, evidence: [device(`lab-store-${number}`)] }));

  journey(`a rule made from an alert is tried on the past, saved and obeyed, ${how}`, { alerts: [...lab(), ...backups()], people: WITH_ADMINISTRATOR }, async (world) => {
    const page = await world.signIn('ada', options);
    const ada = new Analyst(page, { scripted });
    await openAlert(page, BACKUP);
    await ruleFromAlert(page);
    assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), BACKUP);
    await page.getByRole('radio', { name: 'Always group' }).check();
    await page.getByLabel('Group by').selectOption('title');
    await page.getByLabel('Reason').fill('One job, many shares.');
    await page.getByRole('button', { name: 'Test rule' }).click();
    await page.getByText('3 incidents would merge into 1 (3 alerts)').waitFor();
    assert.equal(await told(page, 'matched'), '3');
    assert.equal(Number(await told(page, 'before')) - Number(await told(page, 'after')), 2);
    assert.equal(await page.getByLabel('Reason').inputValue(), 'One job, many shares.', 'a trial keeps what was typed');
    await page.goto('/settings/rules');
    await page.getByText('No rules yet.').waitFor();

    // A refusal keeps it too, and says at the field what is missing.
    await openAlert(page, BACKUP);
    await ruleFromAlert(page);
    await page.getByRole('radio', { name: 'Ignore' }).check();
    await page.getByLabel('Reason').fill('The shares are being moved.');
    await page.getByLabel('Never expires').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Nothing was saved or tested').waitFor();
    assert.equal(await page.getByLabel('Expires', { exact: true }).getAttribute('aria-invalid'), 'true');
    assert.equal(await page.getByLabel('Reason').inputValue(), 'The shares are being moved.');
    await page.getByLabel('Never expires').uncheck();
    await page.getByLabel('Expires', { exact: true }).fill(new Date(Date.now() + 30 * DAY).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Save' }).click();
    await ada.isTold(`Rule ${BACKUP} saved. It applies to alerts that come from now on.`);
    await page.getByRole('heading', { name: BACKUP, level: 1 }).waitFor();
    await page.goto('/settings/rules');
    const row = page.getByRole('table', { name: 'Rules' }).getByRole('row').filter({ hasText: BACKUP });
    await row.getByText('Ignored: hidden and kept with the rule').waitFor();

    const late = alert({ title: BACKUP, minutesAgo: 2, evidence: [device('lab-store-9')] });
    const report = await world.server.ingest([late, alert({ title: TIE, minutesAgo: 1, evidence: [device('lab-other-1')] })]);
    assert.deepEqual([report.created, report.skipped], [1, 1]);
    await page.goto('/incidents');
    await ada.row(TIE).waitFor();
    assert.equal(await page.getByText('lab-store-9').count(), 0);
    await page.goto('/settings/rules');
    await row.getByRole('cell', { name: '1', exact: true }).waitFor();
    await row.getByRole('link', { name: BACKUP }).click();
    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.goto('/settings/rules');
    await row.getByText('Off', { exact: true }).waitFor();
    assert.equal((await world.server.ingest([late])).created, 1, 'a rule that is off does nothing');
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  journey(`what was refused is on the queue after its mapping was made and it was replayed, ${how}`, { alerts: lab(), people: WITH_ADMINISTRATOR }, async (world) => {
    const page = await world.signIn('ada', options);
    const ada = new Analyst(page, { scripted });
    for (const number of [1, 2]) assert.equal((await world.server.ingestRefused([notice(number)])).rejected, 1);
    await page.goto('/settings/refused');
    await page.getByText('2 stored').waitFor();
    const items = page.getByRole('table', { name: 'Rejected alerts' });
    await items.getByRole('link', { name: /not an alert in a known format/ }).first().click();
    // By the format that rejected it, it is rejected again and stays.
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await ada.isTold('0 accepted, 1 rejected again.');

    await items.getByRole('link', { name: /not an alert in a known format/ }).first().click();
    await page.getByRole('button', { name: 'New mapping from this item' }).click();
    await page.getByRole('group', { name: 'Device' }).first().waitFor();
    assert.match(await page.getByRole('textbox', { name: 'Sample' }).inputValue(), /Browser session stolen in room/);
    await page.getByLabel('Title', { exact: true }).fill('/detection/label');
    await page.getByLabel('Severity', { exact: true }).fill('/notice/grade');
    await page.locator('#severity').locator('xpath=..').getByText('Value table').click();
    await page.locator('#severity-table').fill('P1 = high');
    await page.getByLabel('Mapping name').fill('lab-rooms');
    await page.getByRole('button', { name: 'Save' }).click();
    await ada.isTold('Saved.');

    await page.goto('/settings/refused');
    await page.getByLabel('Format', { exact: true }).selectOption('lab-rooms');
    await page.getByRole('checkbox', { name: /^All items/ }).check();
    await page.getByRole('button', { name: 'Replay selected' }).click();
    await ada.isTold('2 accepted.');
    await page.getByText('No rejected alerts.').waitFor();
    await page.goto('/incidents');
    for (const number of [1, 2]) {
      const row = ada.row(`Browser session stolen in room ${number}`);
      for (const text of ['High', `lab-ws-4${number}`]) await row.getByText(text).first().waitFor();
    }
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  journey(`a merge is explained in both histories and undone from the kept one's, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const [kept, gone] = [await dana.id(MAILRULE), await dana.id(SCAN)].sort((one, other) => one - other);
    await world.server.ingest([tie()]);
    const entries = dana.history(page).getByRole('listitem');
    await page.goto(`/incidents/${gone}`);
    await dana.isTold(`Incident ${gone} was redirected. Its alerts are here now.`);
    assert.match(page.url(), new RegExp(`/incidents/${kept}$`));
    await dana.openTab('Comments and history');
    const merged = entries.filter({ hasText: `Incident ${gone} merged into this one with 1 alert` });
    await shows(merged, `"${TIE}" links them`);
    await shows(entries.filter({ hasText: 'Incident created.' }), `from incident ${gone}`);
    await dana.openTab('Alerts');
    await dana.alerts.getByRole('link', { name: SCAN }).waitFor();

    await dana.openTab('Comments and history');
    await merged.getByRole('button', { name: 'Undo', exact: true }).click();
    await dana.isTold(`The merge was undone. 1 alert moved back to incident ${gone}.`);
    for (const [id, other] of [[kept, gone], [gone, kept]]) {
      await page.goto(`/incidents/${id}/history`);
      await shows(entries, `The merge with incident ${other} was undone; 1 alert moved back.`);
      assert.equal(await page.getByRole('button', { name: 'Undo', exact: true }).count(), 0, 'it is undone once');
    }
    await page.goto(`/incidents/${gone}/history`);
    await shows(entries, `Merged into incident ${kept} with 1 alert`);
    await dana.openTab('Alerts');
    await dana.alerts.getByRole('link', { name: SCAN }).waitFor();
    await page.goto(`/incidents/${kept}/alerts`);
    await dana.alerts.getByRole('link', { name: TIE }).waitFor();
    assert.equal(await dana.alerts.getByRole('link', { name: SCAN }).count(), 0);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

journey('cancelling a rule leads back to the list that it was begun in', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  const id = await dana.openPane(SCAN);
  const pane = new URL(page.url());
  await dana.press('Tune');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await dana.paneShows(id);
  assert.equal(page.url(), pane.href);
  await dana.pane.getByRole('button', { name: 'Close' }).click();
  await dana.row(SCAN).getByRole('button', { name: `Alerts of incident ${id}` }).click();
  const queue = page.url();
  await page.getByRole('table', { name: `Alerts of incident ${id}` }).waitFor();
  await page.locator('.alerts-line').getByRole('button', { name: 'Tune' }).click();
  await page.getByRole('heading', { name: 'New rule', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await dana.row(SCAN).waitFor();
  assert.equal(page.url(), queue);
});

/** Every page of the settings with something on it, and what settings leave elsewhere. */
async function tour(world, options, visit) {
  const { server } = world;
  for (const number of [1, 2, 3, 4]) await server.ingest([shell(number)]);
  for (const number of [1, 2]) await server.ingestRefused([notice(number)]);
  const page = await world.signIn('ada', options);
  const ada = new Analyst(page);
  const kept = Math.min(await ada.id(MAILRULE), await ada.id(SCAN));
  await server.ingest([tie()]);
  await page.goto('/settings/sources');
  const minutes = page.getByRole('textbox', { name: 'Minutes within which repeated detections from Falco are counted as one' });
  await visit(page, 'sources');
  await minutes.fill('soon');
  await page.getByRole('button', { name: 'Save minutes of Falco' }).click();
  await page.getByText('Enter a whole number of minutes').waitFor();
  assert.equal(await minutes.inputValue(), 'soon', 'what was typed is kept');
  await visit(page, 'sources with a refused number');
  await minutes.fill('90');
  await page.getByRole('button', { name: 'Save minutes of Falco' }).click();
  await page.getByRole('heading', { name: 'Changes' }).waitFor();
  await visit(page, 'sources with changes');
  await page.goto('/settings/mappings');
  await visit(page, 'mappings');
  await page.goto('/settings/storage');
  await page.getByRole('heading', { name: 'Restore a backup' }).waitFor();
  await visit(page, 'storage');
  await page.goto('/settings/refused');
  await visit(page, 'refused items');
  await page.getByRole('table', { name: 'Reasons' }).getByRole('link').first().click();
  await visit(page, 'refused items of one reason');
  await page.getByRole('table', { name: 'Rejected alerts' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Received text' }).waitFor();
  await visit(page, 'refused item');
  await page.goto('/settings/rules');
  await visit(page, 'no rules');
  await page.goto('/alerts');
  await page.getByText('seen 4 times').waitFor();
  await visit(page, 'alerts queue with a count');
  await openAlert(page, SHELL);
  await page.getByText('Seen 4 times').waitFor();
  await page.getByRole('link', { name: /^Show payload/ }).first().click();
  await page.getByRole('link', { name: 'Hide' }).waitFor();
  await visit(page, 'alert with repeats');
  await openAlert(page, SCRIPT);
  await ruleFromAlert(page);
  await visit(page, 'rule from an alert');
  await page.getByRole('radio', { name: 'Ignore' }).check();
  await page.getByLabel('Reason').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').waitFor();
  await visit(page, 'refused rule');
  await page.getByRole('radio', { name: 'Never correlate' }).check();
  await page.getByLabel('Reason').fill('Each share has a case of its own.');
  await page.getByRole('button', { name: 'Test rule' }).click();
  await page.getByText('would split into').waitFor();
  await visit(page, 'tried rule');
  await page.getByRole('button', { name: 'Save' }).click();
  await ada.isTold(`Rule ${SCRIPT} saved. It applies to alerts that come from now on.`);
  await page.goto('/settings/rules');
  await page.getByText('Contents').click();
  await visit(page, 'rules');
  await page.getByRole('table', { name: 'Rules' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Usage' }).waitFor();
  await visit(page, 'rule');
  await page.goto(`/incidents/${kept}/history`);
  await ada.history(page).getByRole('button', { name: 'Undo' }).waitFor();
  await visit(page, 'history with a merge');
}

for (const colorScheme of ['light', 'dark']) {
  journey(`the settings pages and what follows from them have no serious accessibility fault and do not scroll sideways, ${colorScheme}`, { alerts: lab(), people: WITH_ADMINISTRATOR }, async (world) => {
    const faults = [];
    await tour(world, { colorScheme, reducedMotion: 'reduce' }, async (page, where) => {
      for (const [width, height] of [[1440, 900], [390, 844]]) {
        await page.setViewportSize({ width, height });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const { id, impact, nodes } of violations) if (['serious', 'critical'].includes(impact)) faults.push(`${where}, ${width} px: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
        if (wide > 0) faults.push(`${where}, ${width} px: ${wide} px too wide`);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${where.replaceAll(' ', '-')}-${colorScheme}-${width}.png`, fullPage: process.env.SHOTS_FULL === 'yes' });
      }
    });
    assert.deepEqual(faults, []);
  });
}
