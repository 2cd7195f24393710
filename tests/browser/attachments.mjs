// Files of incidents: attached, downloaded, removed, and whatever they are, nothing of them runs or is loaded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import { PAIR, lab } from './support/alerts.mjs';
import { Analyst, BOTH } from './support/analyst.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

// One pixel.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"><script>window.pwned=1</script><image href="/healthz?svg"/></svg>';
const HTML = '<!DOCTYPE html><script>window.pwned=1</script><img src="/healthz?html">';
const file = (name, content) => ({ name, mimeType: 'text/html', buffer: Buffer.from(content) });

async function attach(page, files) {
  await page.getByLabel('Attach files').setInputFiles(files);
  await page.getByRole('button', { name: 'Attach', exact: true }).click();
}

async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} at ${nodes.map((node) => node.target.join(' '))}`);
}

for (const { how, scripted, options } of BOTH) {
  journey(`files are attached, downloaded and removed, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const id = await new Analyst(page).id(PAIR);
    await page.goto(`/incidents/${id}`);
    await page.getByRole('link', { name: /^Attachments/ }).click();
    await attach(page, [file('notes.txt', 'hello'), { name: 'photo.png', mimeType: 'image/png', buffer: PNG }]);
    await page.getByText('2 files attached.').waitFor();
    const items = page.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
    assert.equal(await items.count(), 2);
    const preview = page.getByRole('img', { name: 'Preview of photo.png' });
    if (scripted) await becomes(() => preview.evaluate((image) => image.complete && image.naturalWidth), 1);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download notes.txt' }).click()]);
    assert.equal(download.suggestedFilename(), 'notes.txt');
    assert.equal(await readFile(await download.path(), 'utf8'), 'hello');
    const [zip] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Encrypted zip of notes.txt' }).click()]);
    assert.equal(zip.suggestedFilename(), 'notes.txt.zip');
    await page.getByText('Remove notes.txt', { exact: true }).click();
    await page.getByRole('button', { name: 'Remove file notes.txt' }).click();
    await page.getByText('Attachment removed.').waitFor();
    assert.equal(await items.count(), 1);
    await attach(page, [file('empty.txt', '')]);
    await page.getByText('empty.txt is empty. Nothing was attached.').waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

journey('a file that a colleague attaches is told in an open page', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const id = await new Analyst(page).id(PAIR);
  await page.goto(`/incidents/${id}/history`);
  const other = await world.signIn('omar');
  await other.goto(`/incidents/${id}/attachments`);
  await attach(other, [file('notes.txt', 'hello')]);
  await page.getByText('Attached notes.txt, 5 bytes').waitFor();
  await page.getByRole('link', { name: 'Attachments (1)' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'notes.txt', exact: true }).click()]);
  assert.equal(download.suggestedFilename(), 'notes.txt');
});

journey('nothing of a hostile file runs and nothing is loaded for it', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const id = await new Analyst(page).id(PAIR);
  await page.goto(`/incidents/${id}/attachments`);
  await attach(page, [file('logo.svg', SVG), file('page.html', HTML), file('"><img src=x onerror=window.pwned=1>.txt', 'hello')]);
  await page.getByText('3 files attached.').waitFor();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const tab of ['attachments', 'history', 'report']) {
    await page.goto(`/incidents/${id}/${tab}`);
    assert.equal(await page.evaluate(() => window.pwned), undefined, tab);
    assert.equal(await page.locator('img[src=x], [onerror], [onload]').count(), 0, tab);
  }
  // Even where somebody opens the address itself, the browser stores the file and stays on its page.
  for (const number of [1, 2, 3]) {
    const here = page.url();
    const download = page.waitForEvent('download');
    await page.goto(`/attachments/${number}`).catch(() => {});
    await download;
    assert.equal(page.url(), here);
  }
  // Nor does anything come of it inside of another page.
  const embedded = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = '/attachments/2';
    const image = new Image();
    image.src = '/attachments/1';
    document.body.append(frame);
    const decoded = await image.decode().then(() => true, () => false);
    return { pwned: window.pwned, decoded, width: image.naturalWidth };
  });
  assert.deepEqual(embedded, { pwned: undefined, decoded: false, width: 0 });
  assert.deepEqual(asked.filter((url) => /healthz|evil/.test(url)), []);
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    journey(`the tab of attachments has no serious accessibility fault, ${width} px wide, ${colorScheme}`, { alerts: lab() }, async (world) => {
      const page = await world.signIn('dana', { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const id = await new Analyst(page).id(PAIR);
      await page.goto(`/incidents/${id}/attachments`);
      assert.deepEqual(await faults(page), []);
      await attach(page, [file(`${'long-name-'.repeat(18)}.pdf`, HTML), file('notes.txt', 'hello'), { name: 'photo.png', mimeType: 'image/png', buffer: PNG }]);
      await page.getByText('3 files attached.').waitFor();
      await page.getByText('Remove notes.txt', { exact: true }).click();
      assert.deepEqual(await faults(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, 'it scrolls sideways');
      await attach(page, [file('empty.txt', '')]);
      await page.getByText('empty.txt is empty.').waitFor();
      assert.deepEqual(await faults(page), []);
    });
  }
}
