// The first hour of an administrator: from an empty queue to the first alert, without leaving the browser but for curl.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { Analyst, BOTH } from './support/analyst.mjs';
import { journey } from './support/journey.mjs';

const run = promisify(execFile);
const ALONE = { ada: { displayName: 'Ada Novak', role: 'administrator' } };
const step = (page, name) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

for (const { how, scripted, options } of BOTH) {
  journey(`an administrator makes a token, sends a test alert and sees it arrive, ${how}`, { people: ALONE }, async (world) => {
    const page = await world.signIn('ada', options);
    await page.getByRole('heading', { name: 'No alerts yet' }).waitFor();
    await page.getByLabel('Name of the token').fill('laptop');
    await page.getByRole('button', { name: 'Create token' }).click();
    await step(page, 'Create a token').getByText('Done').waitFor();
    const command = await page.locator('#test-command').innerText();
    await run('sh', ['-c', command]);
    if (!scripted) await page.goto('/settings/start');
    await step(page, 'See the alert arrive').getByText('Done').waitFor();
    await step(page, 'Send a test alert').getByText('Done').waitFor();
    await page.getByRole('link', { name: /incident 1$/i }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Test alert: Watchdesk receives alerts' }).waitFor();
    await page.goto('/incidents');
    await page.getByRole('table', { name: 'Incidents' }).getByRole('link', { name: /^Test alert/ }).waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });

  journey(`a token is made, shown once and revoked in the browser, ${how}`, { people: ALONE }, async (world) => {
    const page = await world.signIn('ada', options);
    const ada = new Analyst(page, { scripted });
    await page.goto('/settings/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('edge sensor');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByText('It is not shown again.').waitFor();
    await page.getByRole('link', { name: 'Done' }).click();
    const tokens = page.getByRole('table', { name: 'Tokens' });
    await tokens.getByText('Active').waitFor();
    await tokens.getByText('Revoke', { exact: true }).click();
    await tokens.getByRole('button', { name: 'Revoke edge sensor' }).click();
    await ada.isTold('The token edge sensor is revoked. What it sends from now on is rejected.');
    await tokens.getByText('Revoked').waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

for (const colorScheme of ['light', 'dark']) {
  journey(`the first pages of an administrator have no serious accessibility fault and do not scroll sideways, ${colorScheme}`, { people: ALONE }, async (world) => {
    const page = await world.signIn('ada', { colorScheme, reducedMotion: 'reduce' });
    const faults = [];
    for (const path of ['/incidents', '/settings/start', '/settings/start/wazuh', '/settings/start/defender', '/settings/tokens', '/settings/tokens/new', '/settings/audit', '/settings/audit?activity=exported', '/nothing']) {
      await page.goto(path);
      for (const [width, height] of [[1440, 900], [390, 844]]) {
        await page.setViewportSize({ width, height });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const { id, impact, nodes } of violations) if (['serious', 'critical'].includes(impact)) faults.push(`${path}, ${width} px: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
        if (wide > 0) faults.push(`${path}, ${width} px: ${wide} px too wide`);
      }
    }
    assert.deepEqual(faults, []);
  });
}
