// What stands over the queue and beside it: the chart of the last day, the export, the priority.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Analyst, BOTH } from './support/analyst.mjs';
import { PAIR, lab } from './support/alerts.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const CHART = 'Activity';

journey('the chart is fetched when it is opened, and Escape closes it', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/incidents/chart')) asked.push(request.url()); });
  await page.reload();
  assert.deepEqual(asked, [], 'closed, it costs nothing');
  await page.getByText(CHART, { exact: true }).click();
  const drawing = page.getByRole('img', { name: /^Alerts received: \d+ in 24 hours/ });
  await drawing.waitFor();
  await page.getByText('Show as table').click();
  assert.equal(await page.getByRole('table', { name: 'Alerts and incidents by the hour' }).getByRole('row').count(), 25);
  await page.keyboard.press('Escape');
  await drawing.waitFor({ state: 'hidden' });
  assert.equal(asked.length, 1);
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

for (const { how, scripted, options } of BOTH) {
  journey(`the queue is exported and an asset marked, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const id = await dana.id(PAIR);
    if (!scripted) {
      await page.getByText(CHART, { exact: true }).click();
      await page.getByRole('link', { name: 'Most recent incidents and alerts' }).click();
      await page.getByRole('heading', { name: 'Most recent incidents and alerts' }).waitFor();
      await page.goto('/incidents');
    }
    await page.getByText('Export', { exact: true }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
    assert.match(file.suggestedFilename(), /^watchdesk-incidents-\d{4}-\d\d-\d\d\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
    assert.ok(lines[0].startsWith('Incident name,ID,Priority'), lines[0]);
    assert.ok(lines.some((line) => line.includes(`,${id},`)), 'the incident is in the file');

    const score = async () => {
      await page.goto(`/incidents/${id}`);
      return Number(/^\d+/.exec(await page.locator('.head-facts .score').innerText())[0]);
    };
    const before = await score();
    await page.goto(`/incidents/${id}/devices`);
    await page.getByRole('combobox', { name: /^Importance of / }).first().selectOption('veryHigh');
    await page.getByRole('button', { name: /^Save importance of / }).first().click();
    await dana.isTold('now has very high importance. 1 open incident has a new priority.');
    await becomes(score, before + 8);
    await page.locator('.head-facts .score').click();
    await page.getByRole('list', { name: 'Reasons for the priority' }).getByText('has very high importance').waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}
