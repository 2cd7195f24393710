// The evidence of an incident: finding a piece of it, reading it whole, and copying it.
import assert from 'node:assert/strict';
import { BOTH } from './support/analyst.mjs';
import { alert, device } from './support/alerts.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const TYPE = '#microsoft.graph.security.';
const SITE = 'https://drop.example/kit.zip';
const COMMAND = `powershell.exe -EncodedCommand ${'QUJD'.repeat(60)} -Last`;
const found = () => [alert({
  title: 'A lab kit was fetched', minutesAgo: 20, evidence: [
    device('lab-ws-17'),
    { '@odata.type': `${TYPE}urlEvidence`, url: SITE, verdict: 'malicious' },
    { '@odata.type': `${TYPE}processEvidence`, processId: 40, processCommandLine: COMMAND, imageFile: { fileName: 'powershell.exe', filePath: 'C:\\Windows' } },
  ],
})];

for (const { how, options } of BOTH) {
  journey(`evidence is found by kind and by text, and read whole, ${how}`, { alerts: found() }, async (world) => {
    const page = await world.signIn('dana', options);
    await page.goto('/incidents/1/evidence');
    const rows = page.getByRole('table', { name: 'Evidence' }).locator('tbody tr');
    await rows.first().getByText('hxxps://drop[.]example/kit.zip').waitFor();
    await page.getByRole('navigation', { name: 'Kinds of evidence' }).getByRole('link', { name: 'Processes 1' }).click();
    await page.getByRole('searchbox', { name: 'Search names and details' }).fill('encodedcommand');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    assert.match(page.url(), /kind=process&q=encodedcommand$/);
    assert.equal(await rows.count(), 1);
    assert.equal(await page.getByText(COMMAND, { exact: true }).isVisible(), false, 'long texts are short at first');
    await rows.locator('summary.value').click();
    await page.getByText(COMMAND, { exact: true }).waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

journey('names and facts are copied whole, and defanged', { alerts: found() }, async (world) => {
  const page = await world.signIn('dana', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto('/incidents/1/evidence');
  const copies = async (name, expected) => {
    await page.getByRole('button', { name, exact: true }).click();
    await becomes(() => page.evaluate(() => navigator.clipboard.readText()), expected);
  };
  await copies('Copy URL', SITE);
  await page.getByRole('status').getByText('Copied', { exact: true }).waitFor();
  await copies('Copy defanged URL', 'hxxps://drop[.]example/kit.zip');
  await copies('Copy Command line', COMMAND);
  await copies('Copy Device', 'lab-ws-17.lab.example');
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

journey('without JavaScript there are no buttons for copying', { alerts: found() }, async (world) => {
  const page = await world.signIn('dana', { javaScriptEnabled: false });
  await page.goto('/incidents/1/evidence');
  assert.equal(await page.getByRole('button', { name: /^Copy / }).count(), 0);
});
