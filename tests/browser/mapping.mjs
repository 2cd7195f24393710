// A product that nobody has heard of: from a pasted record to the queue, without code.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { Analyst, BOTH } from './support/analyst.mjs';
import { WITH_ADMINISTRATOR } from './support/cast.mjs';
import { eventually } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const record = (id, grade) => ({
  notice: { uuid: id, raised: new Date(Date.now() - 600_000).toISOString(), grade },
  rule: { name: 'Browser session stolen', tactic: 'CredentialAccess' },
  host: { hostname: 'lab-ws-31.lab.example', os: 'Windows 11' },
  username: 'LAB\\ida.holm',
  src_ip: '203.0.113.77',
});
const SAMPLE = JSON.stringify({ notices: [record('n-1', 'P1'), record('n-2', 'P3')], page: 1 }, null, 2);

/** The story of the ten minutes, up to the saved mapping. */
async function write(page) {
  await page.goto('/settings/mappings');
  await page.getByRole('link', { name: 'New mapping' }).click();
  await page.getByRole('textbox', { name: 'Sample' }).fill(SAMPLE);
  await page.getByRole('button', { name: 'Suggest fields' }).click();
  const result = page.getByRole('region', { name: 'Resulting alerts' });
  await result.getByText('Browser session stolen').first().waitFor();
  assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), '/rule/name');
  assert.equal(await page.getByRole('group', { name: 'Device' }).getByLabel('Name', { exact: true }).inputValue(), '/host/hostname');
  assert.equal(await page.getByRole('group', { name: 'User' }).getByLabel('Account').inputValue(), '/username');
  // What no guess can know: what this product calls serious.
  await page.getByLabel('Severity', { exact: true }).fill('/notice/grade');
  await page.getByText('Value table').first().click();
  await page.locator('#severity-table').fill('P1 = high\nP2 = medium\n* = low');
  await page.getByLabel('Service source', { exact: true }).fill('Lab Sentry');
  await page.locator('.form-bar').getByRole('button', { name: 'Try it' }).click();
  await result.getByText('High').first().waitFor();
  await result.getByRole('list', { name: 'Impacted assets' }).first().getByText('lab-ws-31.lab.example').waitFor();
  return result;
}

for (const { how, scripted, options } of BOTH) {
  journey(`a vendor's JSON that nobody knows is on the queue after a visit to the mapping page, ${how}`, { people: WITH_ADMINISTRATOR }, async (world) => {
    const { server } = world;
    const page = await world.signIn('ada', options);
    const result = await write(page);
    // Saving without a name is refused, with everything kept.
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Use 1 to 60').waitFor();
    assert.equal(await page.locator('#severity-table').inputValue(), 'P1 = high\nP2 = medium\n* = low');
    await page.getByLabel('Mapping name').fill('lab-sentry');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    await result.getByText('Browser session stolen').first().waitFor();

    const report = await server.send(SAMPLE, 'lab-sentry');
    assert.deepEqual([report.created, report.rejected], [2, 0]);
    await page.goto('/incidents');
    const ada = new Analyst(page, { scripted });
    const row = ada.row('Browser session stolen');
    for (const text of ['High', 'lab-ws-31', 'ida.holm']) await row.getByText(text).first().waitFor();
    await page.goto('/alerts/1');
    await page.getByText('Lab Sentry').first().waitFor();
  });
}

journey('a place of the sample is put into the field that was last in use', { people: WITH_ADMINISTRATOR }, async (world) => {
  const page = await world.signIn('ada');
  await write(page);
  await page.getByText('Paths in the sample').click();
  const field = page.getByLabel('Description', { exact: true });
  await field.focus();
  await page.getByRole('button', { name: '/host/os' }).click();
  await eventually(async () => assert.equal(await field.inputValue(), '/host/os'));
  await page.getByRole('button', { name: '/rule/tactic' }).click();
  await eventually(async () => assert.equal(await field.inputValue(), '/host/os\n/rule/tactic'));
});

for (const [colorScheme, width, height] of [['light', 1440, 900], ['dark', 1440, 900], ['light', 390, 844], ['dark', 390, 844]]) {
  journey(`the mapping pages have no serious accessibility fault and do not scroll sideways, ${colorScheme}, ${width} px`, { people: WITH_ADMINISTRATOR }, async (world) => {
    const page = await world.signIn('ada', { colorScheme });
    await page.setViewportSize({ width, height });
    const faults = [];
    const look = async (where) => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, impact, nodes } of violations) if (['serious', 'critical'].includes(impact)) faults.push(`${where}: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
      if (wide > 0) faults.push(`${where}: ${wide} px too wide`);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${where.replaceAll(' ', '-')}-${colorScheme}-${width}.png`, fullPage: process.env.SHOTS_FULL === 'yes' });
    };
    await page.goto('/settings/mappings');
    await look('empty list');
    await page.goto('/settings/mappings/new');
    await look('new mapping');
    await write(page);
    await look('tried mapping');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    await look('refused mapping');
    await page.getByLabel('Mapping name').fill('lab-sentry');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    await look('saved mapping');
    await page.getByLabel('Category', { exact: true }).fill('Malware');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('What changed').click();
    await look('changed mapping');
    await page.goto('/settings/mappings');
    await look('list');
    assert.deepEqual(faults, []);
  });
}
