// Many incidents in one act from the queue: selected rows, everything that matches, merging; and
// taking it back with the button beside the message. With and without JavaScript.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, SCAN, alert, device, lab } from './support/alerts.mjs';
import { becomes, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const MANY = 230;
const crowd = () => Array.from({ length: MANY }, (_, number) => alert({ title: `Lab check ${number}`, minutesAgo: 60, evidence: [device(`lab-crowd-${number}`)] }));
const undo = (page) => page.locator('[data-flash]').getByRole('button', { name: 'Undo', exact: true });

for (const { how, scripted, options } of BOTH) {
  journey(`everything that matches is resolved with one note and taken back with one button, ${how}`, { alerts: crowd() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    if (scripted) {
      await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
      await page.getByText('50 selected').waitFor();
      await page.getByRole('button', { name: `Select all ${MANY} that match` }).click();
      await page.getByText(`All ${MANY} that match selected`).waitFor();
      await page.getByRole('button', { name: 'Manage incidents' }).click();
    } else {
      await page.getByRole('button', { name: `Manage all ${MANY} that match` }).click();
    }
    await page.getByRole('heading', { name: `Manage ${MANY} incidents` }).waitFor();
    await page.getByLabel('Status', { exact: true }).selectOption('Resolved');
    await page.getByLabel('Resolution note').fill('The lab exercise is over');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: `${MANY} incidents will change` }).waitFor();
    await shows(page.getByRole('region', { name: 'What will change' }), 'The lab exercise is over');
    await page.getByRole('button', { name: `Apply to ${MANY} incidents` }).click();
    await page.getByRole('heading', { name: `${MANY} incidents changed` }).waitFor({ timeout: 30_000 });
    await page.goto('/incidents?status=all');
    assert.equal(await dana.queue.getByRole('row').filter({ hasText: 'Resolved' }).count(), 50);
    await page.goBack();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('heading', { name: `Undone in ${MANY} incidents` }).waitFor({ timeout: 30_000 });
    await page.goto('/incidents');
    await page.getByText(`${MANY} incidents`).waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  journey(`what was saved in the pane is taken back from the message beside it, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    await dana.openPane(SCAN);
    await dana.field('Severity').selectOption('High');
    await dana.save();
    const row = dana.row(SCAN);
    await shows(row, 'High');
    await undo(page).click();
    await dana.isTold('Undone.');
    await shows(dana.row(SCAN), 'Low');
    await shows(dana.history(), 'Undo. Severity: High');
    assert.match(page.url(), /\/incidents\?pane=\d+$/, 'the view is the same');
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  journey(`two incidents are merged from the queue and given back, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const [kept, gone] = [await dana.id(SCAN), await dana.id(MAILRULE)];
    for (const id of [kept, gone]) await page.getByRole('checkbox', { name: `Select incident ${id}` }).check();
    await page.getByRole('button', { name: 'Merge incidents' }).click();
    await page.getByRole('radio', { name: new RegExp(`^${kept} `) }).check();
    await page.getByLabel('Comment').fill('One person did both');
    await page.getByRole('button', { name: 'Merge', exact: true }).click();
    await dana.isTold(`1 incident was merged into incident ${kept}.`);
    assert.equal(new URL(page.url()).pathname, '/incidents', 'the queue stays');
    await page.locator('[data-flash]').getByRole('link', { name: `incident ${kept}` }).click();
    await shows(dana.history(page), `Incident ${gone} merged into this one with 1 alert. Comment: One person did both`);
    await dana.history(page).getByRole('button', { name: 'Undo', exact: true }).first().click();
    await dana.isTold(`The merge was undone. Incident ${gone} is restored.`);
    await page.goto('/incidents');
    await becomes(async () => (await dana.names()).length, 3, 'all three are on the queue again');
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}
