// Alerts move between incidents; an incident that loses its last one leads to where it went.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCAN, SCRIPT, SERVICE, lab } from './support/alerts.mjs';
import { becomes, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

async function openMove(dana, titles) {
  await dana.openTab(/^Alerts/);
  for (const title of titles) await dana.alerts.getByRole('checkbox', { name: `Select alert ${title}` }).check();
  await dana.page.getByRole('button', { name: 'Move alerts' }).click();
  await dana.page.getByRole('heading', { name: `Move ${titles.length} alert` }).waitFor();
}

const idOf = (page) => Number(/\/incidents\/(\d+)/.exec(page.url())[1]);

for (const { how, scripted, options } of BOTH) {
  const moving = (claim, act) => journey(`${claim}, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    await act(new Analyst(page, { scripted }), page);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  moving('one alert moves to a new incident, and both tell of it', async (dana, page) => {
    const source = await dana.id(PAIR);
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [SERVICE]);
    await page.getByRole('radio', { name: 'New incident' }).check();
    await page.getByLabel('Reason').selectOption('Different attack');
    await page.getByLabel('Comment', { exact: true }).fill('The service came from the patch run.');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold('1 alert moved to incident');
    assert.equal(idOf(page), source, 'the list stays');
    await page.locator('[data-flash]').getByRole('link').click();
    await page.waitForURL((url) => !url.pathname.startsWith(`/incidents/${source}`));
    const target = idOf(page);
    await dana.openTab(/^Alerts/);
    assert.equal(await dana.alerts.getByRole('link', { name: SERVICE }).count(), 1);
    await page.getByRole('heading', { level: 1, name: SERVICE }).waitFor();
    await shows(dana.history(page), new RegExp(`moved here from incident ${source}.*Different attack.*patch run`));

    await page.goto(`/incidents/${source}/alerts`);
    await becomes(() => dana.alerts.getByRole('link', { name: SERVICE }).count(), 0);
    assert.equal(await dana.alerts.getByRole('link', { name: SCRIPT }).count(), 1);
    // What the high alert and its tactic brought left with it.
    await page.getByRole('heading', { level: 1, name: SCRIPT }).waitFor();
    await shows(dana.history(page), new RegExp(`moved to incident ${target}`));
  });

  moving('the last alert moves to an incident typed by its ID, and the emptied one leads there', async (dana, page) => {
    const [source, target] = [await dana.id(MAILRULE), await dana.id(SCAN)];
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [MAILRULE]);
    await page.getByLabel('Target incident').fill(String(target));
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold(`1 alert moved to incident ${target}.`);
    assert.equal(idOf(page), target, 'nothing is left where the alert was');
    await dana.openTab(/^Alerts/);
    await becomes(() => dana.alerts.locator('tbody').getByRole('row').count(), 2);

    await page.goto(`/incidents/${source}`);
    await page.waitForURL(`**/incidents/${target}`);
    await dana.isTold(`Incident ${source} was redirected`);
    await page.goto('/incidents');
    await becomes(() => dana.queue.getByRole('checkbox', { name: `Select incident ${source}`, exact: true }).count(), 0);
    await page.goto('/incidents?status=redirected&severity=all&range=all');
    await shows(dana.queue.getByRole('row').filter({ has: page.getByRole('link', { name: `Open pane of ${source}`, exact: true }) }), 'Redirected');
  });

  moving('moving all alerts at once keeps them together', async (dana, page) => {
    const [source, target] = [await dana.id(PAIR), await dana.id(SCAN)];
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [SCRIPT, SERVICE]);
    await page.getByLabel('Target incident').fill(String(target));
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold(`2 alerts moved to incident ${target}.`);
    await dana.openTab(/^Alerts/);
    await becomes(() => dana.alerts.locator('tbody').getByRole('row').count(), 3);
  });

  moving('an alert that moves back restores its incident', async (dana, page) => {
    const [source, target] = [await dana.id(MAILRULE), await dana.id(SCAN)];
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [MAILRULE]);
    await page.getByLabel('Target incident').fill(String(target));
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold(`1 alert moved to incident ${target}.`);
    await openMove(dana, [MAILRULE]);
    await page.getByLabel('Target incident').fill(String(source));
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold(`1 alert moved to incident ${source}.`);
    await page.goto('/incidents');
    await shows(dana.row(MAILRULE), 'Active');
  });

  moving('targets are found by an asset, and show what tells them apart', async (dana, page) => {
    const [source, target] = [await dana.id(MAILRULE), await dana.id(SCAN)];
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [MAILRULE]);
    if (!scripted) return;
    await page.getByLabel('Target incident').fill('lab-probe');
    const found = page.getByRole('group', { name: 'Found incidents' }).getByRole('radio');
    await becomes(() => found.count(), 1);
    const line = page.getByRole('group', { name: 'Found incidents' });
    for (const text of [SCAN, 'Active', 'Unassigned', 'lab-probe-3']) assert.ok((await line.innerText()).includes(text), text);
    await found.check();
    assert.equal(await page.getByLabel('Target incident').inputValue(), String(target));
  });

  moving('a new incident and the incidents of the list are one choice', async (dana, page) => {
    const [source, target] = [await dana.id(PAIR), await dana.id(SCAN)];
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [SERVICE]);
    await page.getByText(`From incident ${source} `).waitFor();
    const fresh = page.getByRole('group', { name: 'Move to' }).getByRole('radio', { name: 'New incident', exact: true });
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByText('Choose an incident or New incident.').waitFor();
    await fresh.check();
    if (!scripted) return;
    // Typing, and choosing what was found, take it back; choosing it clears the field.
    await page.getByLabel('Target incident').fill('lab-probe');
    assert.equal(await fresh.isChecked(), false);
    const found = page.getByRole('radio', { name: new RegExp(`^${target} `) });
    await found.check();
    await shows(page.getByRole('group', { name: 'Found incidents' }), 'No asset in common');
    await fresh.check();
    assert.deepEqual([await found.isChecked(), await page.getByLabel('Target incident').inputValue()], [false, '']);
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold('1 alert moved to incident');
  });

  moving('moved alerts are assigned to the owner of their new incident, and the message says so', async (dana, page) => {
    const [source, target] = [await dana.id(PAIR), await dana.id(SCAN)];
    await page.goto(`/incidents/${target}`);
    await dana.manage.getByRole('button', { name: 'Assign to me' }).click();
    await dana.isTold('Assigned to you.');
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [SERVICE]);
    await page.getByText('The alerts are assigned to the owner of the incident that they are moved to.').waitFor();
    await page.getByLabel('Target incident').fill(String(target));
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await dana.isTold(`1 alert moved to incident ${target} and assigned to Dana Reyes.`);
  });

  moving('a target that is none is refused with everything still typed', async (dana, page) => {
    const source = await dana.id(PAIR);
    await page.goto(`/incidents/${source}`);
    await openMove(dana, [SERVICE]);
    await page.getByLabel('Target incident').fill('999999');
    await page.getByLabel('Reason').selectOption('Same attack');
    await page.getByLabel('Comment', { exact: true }).fill('Typed with care.');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await becomes(() => page.getByLabel('Target incident').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.getByLabel('Target incident').inputValue(), '999999');
    assert.equal(await page.getByLabel('Reason').inputValue(), 'Same attack');
    assert.equal(await page.getByLabel('Comment', { exact: true }).inputValue(), 'Typed with care.');
  });
}
