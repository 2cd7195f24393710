// Whatever an alert or a colleague writes is shown as text, everywhere, and runs nowhere.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { alert } from './support/alerts.mjs';
import { becomes, eventually } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const HOSTILE = '<script>window.pwned=1</script><img src=x onerror=window.pwned=1>';
// Short enough for a tag.
const ATTRIBUTE = '"><svg onload=window.pwned=1>\' onfocus=window.pwned=1 x="';
const TYPE = '#microsoft.graph.security.';

const hostileAlerts = () => {
  const path = { fileName: HOSTILE, filePath: ATTRIBUTE, sha256: 'a'.repeat(64), filePublisher: HOSTILE };
  const account = { accountName: HOSTILE, domainName: HOSTILE, userPrincipalName: `${HOSTILE}@lab.example`, displayName: HOSTILE };
  return [
    alert({
      title: HOSTILE,
      minutesAgo: 40,
      description: HOSTILE,
      recommendedActions: `${HOSTILE} [press](javascript:window.pwned=1)`,
      category: HOSTILE,
      categories: [HOSTILE],
      productName: HOSTILE,
      threatDisplayName: HOSTILE,
      threatFamilyName: ATTRIBUTE,
      actorDisplayName: HOSTILE,
      detectorId: HOSTILE,
      mitreTechniques: [HOSTILE],
      systemTags: [HOSTILE],
      customDetails: { [HOSTILE]: ATTRIBUTE },
      additionalData: { [ATTRIBUTE]: HOSTILE },
      alertWebUrl: 'javascript:window.pwned=1',
      evidence: [
        { '@odata.type': `${TYPE}deviceEvidence`, deviceDnsName: HOSTILE, hostName: HOSTILE, osPlatform: ATTRIBUTE, tags: [HOSTILE] },
        { '@odata.type': `${TYPE}userEvidence`, userAccount: account },
        { '@odata.type': `${TYPE}mailboxEvidence`, primaryAddress: `${HOSTILE}@lab.example`, displayName: HOSTILE },
        { '@odata.type': `${TYPE}urlEvidence`, url: 'javascript:window.pwned=1' },
        { '@odata.type': `${TYPE}urlEvidence`, url: HOSTILE },
        { '@odata.type': `${TYPE}fileEvidence`, fileDetails: path },
        { '@odata.type': `${TYPE}processEvidence`, processId: 4, processCommandLine: HOSTILE, imageFile: path },
        { '@odata.type': `${TYPE}registryValueEvidence`, registryKey: HOSTILE, registryValueName: ATTRIBUTE, registryValue: HOSTILE },
        { '@odata.type': `${TYPE}analyzedMessageEvidence`, subject: HOSTILE, recipientEmailAddress: HOSTILE },
        { '@odata.type': `${TYPE}neverHeardOfEvidence`, name: HOSTILE, [HOSTILE]: HOSTILE },
      ],
    }),
    alert({ title: HOSTILE, minutesAgo: 35, evidence: [{ '@odata.type': `${TYPE}deviceEvidence`, deviceDnsName: HOSTILE, hostName: HOSTILE }] }),
  ];
};

/** Nothing ran, nothing became an element, no address leads to a script. */
async function isHarmless(page, where) {
  const found = await page.evaluate(() => ({
    pwned: window.pwned,
    scripts: document.querySelectorAll('script:not([src])').length,
    images: document.querySelectorAll('img[src="x"], svg[onload], [onerror], [onload], [onfocus]').length,
    links: [...document.querySelectorAll('[href], [src], [action], [formaction]')]
      .flatMap((element) => ['href', 'src', 'action', 'formaction'].map((name) => element.getAttribute(name)))
      .filter((address) => /^\s*(javascript|data|vbscript):/i.test(address ?? '')),
  }));
  assert.deepEqual(found, { pwned: undefined, scripts: 0, images: 0, links: [] }, where);
}

async function tells(page, where, text = HOSTILE) {
  await eventually(async () => assert.ok((await page.locator('body').innerText()).includes(text), `${where} shows the text as it was written`));
  await isHarmless(page, where);
}

const noComplaint = (world) => assert.deepEqual(world.complaints.filter((complaint) => /security policy|uncaught/i.test(complaint)), [], 'our own pages break no rule of their content security policy');
const TABS = ['', 'summary', 'alerts', 'devices', 'users', 'mailboxes', 'evidence', 'attachments', 'history'];

async function idOf(page) {
  const label = await page.getByRole('checkbox', { name: /^Select incident/ }).first().getAttribute('aria-label');
  return Number(/\d+/.exec(label)[0]);
}

journey('a hostile alert is text on the queue, in the pane, on every tab and on its own page', { alerts: hostileAlerts() }, async (world) => {
  const page = await world.signIn('dana', { viewport: { width: 1600, height: 900 } });
  await page.goto('/incidents?status=all&severity=all');
  const id = await idOf(page);
  await tells(page, 'the queue');
  await page.getByText('Add filter').click();
  await isHarmless(page, 'the filters');
  await page.getByRole('link', { name: `Open pane of ${id}` }).click();
  await page.getByRole('complementary', { name: 'Incident management pane' }).waitFor();
  await tells(page, 'the pane');
  for (const tab of TABS) {
    await page.goto(`/incidents/${id}/${tab}`.replace(/\/$/, ''));
    await tells(page, `tab "${tab || 'story'}"`);
  }
  await page.goto(`/incidents/${id}/alerts?sort=firstActivity`);
  await page.getByRole('table', { name: 'Alerts' }).getByRole('link', { name: HOSTILE }).first().click();
  await page.getByRole('heading', { name: 'Alert details' }).waitFor();
  await tells(page, 'the alert page');
  await page.getByRole('link', { name: 'Show the raw payload' }).click();
  await page.getByText('neverHeardOfEvidence').first().waitFor();
  await tells(page, 'the raw payload', '<script>window.pwned=1</script>');
  await page.goto('/alerts');
  await tells(page, 'the alerts queue');
  for (const address of [`/incidents?q=${encodeURIComponent(HOSTILE)}`, `/incidents?${encodeURIComponent(HOSTILE)}=${encodeURIComponent(ATTRIBUTE)}`, `/incidents?tag=${encodeURIComponent(ATTRIBUTE)}`, `/incidents/${encodeURIComponent(HOSTILE)}`]) {
    await page.goto(address);
    await isHarmless(page, address);
  }
  noComplaint(world);
});

for (const { how, scripted, options } of BOTH) {
  journey(`a hostile name, tag, note and comment are text wherever they show, ${how}`, { alerts: hostileAlerts() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const id = await idOf(page);
    await page.goto(`/incidents/${id}`);
    const form = dana.manage;
    await dana.field('Incident name', form).fill(`Named ${HOSTILE}`);
    await dana.field('Status', form).selectOption('resolved');
    await dana.field('Resolution note', form).fill(`Noted ${HOSTILE}`);
    await dana.tag(ATTRIBUTE, form);
    await dana.save(form);
    await dana.comment(`Said ${HOSTILE} [press](javascript:window.pwned=1) <b onclick=window.pwned=1>bold</b> ![x](javascript:window.pwned=1)`, page);
    await tells(page, 'the comment', `Said ${HOSTILE}`);
    // Evaluating in the page needs no script of the page, so harm shows in both kinds of browser.
    for (const address of [`/incidents/${id}`, `/incidents/${id}/history`, `/incidents?status=all&pane=${id}`]) {
      await page.goto(address);
      await tells(page, `${address} after naming`, `Named ${HOSTILE}`);
      await tells(page, `${address} after noting`, `Noted ${HOSTILE}`);
    }
    await becomes(async () => (await page.locator('body').innerText()).includes(ATTRIBUTE), true, 'the tag shows as it was written');
    await page.goto(`/incidents?status=all&tag=${encodeURIComponent(ATTRIBUTE)}`);
    assert.equal((await dana.names()).length, 1, 'the queue can be filtered by the tag');
    await tells(page, 'the filter by the tag', ATTRIBUTE);
    noComplaint(world);
  });

  journey(`the move, bulk and conflict pages show hostile text as text, ${how}`, { alerts: hostileAlerts() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const id = await idOf(page);
    await page.goto(`/incidents/${id}/alerts`);
    await page.getByRole('checkbox', { name: `Select alert ${HOSTILE}` }).first().check();
    await page.getByRole('button', { name: 'Move alerts' }).click();
    await page.getByLabel('Target incident').fill(HOSTILE);
    await page.getByLabel('Comment', { exact: true }).fill(ATTRIBUTE);
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await becomes(() => page.getByLabel('Target incident').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.getByLabel('Target incident').inputValue(), HOSTILE);
    await tells(page, 'the refused move');

    await page.goto('/incidents');
    await page.getByRole('checkbox', { name: `Select incident ${id}` }).check();
    await page.getByRole('button', { name: 'Manage incidents' }).click();
    await page.getByRole('region', { name: 'Manage incidents' }).waitFor();
    await tells(page, 'the bulk page');

    const omar = new Analyst(await world.signIn('omar', options), { scripted });
    await page.goto(`/incidents/${id}`);
    await omar.page.goto(`/incidents/${id}`);
    await omar.field('Incident name', omar.manage).fill(`Theirs ${HOSTILE}`);
    await dana.field('Incident name', dana.manage).fill(`Mine ${HOSTILE}`);
    await omar.save(omar.manage);
    await dana.press('Save', dana.manage);
    await dana.manage.getByRole('alert').waitFor();
    await tells(page, 'the conflict', `Theirs ${HOSTILE}`);
    await tells(page, 'the conflict', `Mine ${HOSTILE}`);
    noComplaint(world);
  });
}

journey('hostile text that arrives through the stream is text too', { alerts: hostileAlerts() }, async (world) => {
  const watcher = new Analyst(await world.signIn('omar'));
  const id = await idOf(watcher.page);
  await watcher.page.getByRole('link', { name: `Open pane of ${id}` }).click();
  await watcher.pane.waitFor();
  await watcher.field('Incident name').fill('Being edited');
  const page = await world.signIn('dana');
  const dana = new Analyst(page);
  await page.goto(`/incidents/${id}`);
  await dana.comment(`Live ${HOSTILE}`, page);
  await tells(watcher.page, 'a live comment', `Live ${HOSTILE}`);
  await dana.field('Incident name', dana.manage).fill(`Live name ${HOSTILE}`);
  await dana.tag(ATTRIBUTE, dana.manage);
  await dana.save(dana.manage);
  await tells(watcher.page, 'a live name', `Live name ${HOSTILE}`);
  await tells(watcher.page, 'a live tag', ATTRIBUTE);
  await watcher.field('Tags').fill('><svg');
  await watcher.field('Tags').fill('<b onmouseover=window.pwned=1>');
  await watcher.pane.getByRole('option', { name: '(Create new)' }).click();
  await isHarmless(watcher.page, 'a tag being typed');
  noComplaint(world);
});
