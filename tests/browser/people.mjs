// People are invited, join, change their own account, and leave; and their pages are usable by everybody.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { PAIR, lab } from './support/alerts.mjs';
import { WITH_ADMINISTRATOR } from './support/cast.mjs';
import { journey } from './support/journey.mjs';

const people = WITH_ADMINISTRATOR;
const PASSWORD = 'purple kettle on the ridge';

async function invite(ada, name) {
  await ada.goto('/settings/people');
  await ada.getByRole('button', { name: 'Invite' }).click();
  await ada.getByLabel('User name').fill(name);
  await ada.getByLabel('Role').selectOption('lead');
  await ada.getByRole('button', { name: 'Create invitation' }).click();
  return ada.locator('#new-link').textContent();
}

async function choosePassword(page, link) {
  await page.goto(link);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('table', { name: 'Incidents' }).waitFor();
}

journey('somebody is invited, joins, hands their work over and is disabled', { people, alerts: lab() }, async (world) => {
  const ada = await world.signIn('ada');
  const link = await invite(ada, 'nadia');
  const nadia = await world.browse();
  await choosePassword(nadia, link);
  await nadia.getByRole('link', { name: PAIR }).first().click();
  await nadia.getByRole('button', { name: 'Assign to me' }).click();
  await nadia.getByText('Assigned to you.').waitFor();

  await ada.goto('/settings/people');
  await ada.getByRole('table', { name: 'People' }).getByRole('link', { name: 'nadia' }).click();
  await ada.getByRole('link', { name: '1 open incident' }).waitFor();
  await ada.getByLabel('Hand over to').selectOption('omar');
  await ada.getByRole('button', { name: 'Hand over' }).click();
  await ada.getByText('Nothing that others could need.').waitFor();
  await ada.getByText('Disable', { exact: true }).click();
  await ada.getByRole('button', { name: 'Disable nadia' }).click();
  await ada.getByRole('heading', { name: 'nadia (disabled)' }).waitFor();
  await nadia.goto('/incidents');
  await nadia.getByRole('heading', { name: 'Sign in' }).waitFor();
});

journey('everybody changes their own password, and sees where they are signed in', { people }, async (world) => {
  const page = await world.signIn('dana');
  await page.locator('.who-menu summary').click();
  await page.getByRole('link', { name: 'Account' }).click();
  assert.equal(await page.getByRole('table', { name: 'Sessions' }).getByText('this session').count(), 1);
  await page.getByLabel('Present password').first().fill(world.server.password);
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('New password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password was changed. Your other sessions have ended.').waitFor();
});

/** Every page about people, sign-in and one's own account, with something on it. */
async function tour(world, options, visit) {
  const ada = await world.signIn('ada', options);
  await ada.goto('/settings/people/invite');
  await visit(ada, 'invitation');
  const link = await invite(ada, 'nadia');
  await visit(ada, 'link');
  const stranger = await world.browse(options);
  await stranger.goto(link);
  await visit(stranger, 'joining');
  await stranger.goto('/join/unknown');
  await visit(stranger, 'a link that does not work');
  await ada.goto('/settings/people');
  await visit(ada, 'people');
  await ada.getByRole('table', { name: 'People' }).getByRole('link', { name: 'Dana Reyes' }).click();
  await visit(ada, 'person');
  await ada.goto('/settings/people/roles');
  await visit(ada, 'roles');
  await ada.goto('/settings/groups/new');
  await ada.getByLabel('Name').fill('Forensics');
  await ada.getByLabel('Dana Reyes').check();
  await visit(ada, 'group');
  await ada.getByRole('button', { name: 'Save' }).click();
  await visit(ada, 'groups');
  await ada.goto('/settings/sign-in/providers/new');
  await ada.getByLabel('Name', { exact: true }).fill('Contoso');
  await ada.getByLabel('Issuer').fill('http://login.example');
  await ada.getByLabel('Client ID').fill('watchdesk');
  await ada.getByRole('button', { name: 'Save' }).click();
  await visit(ada, 'refused provider');
  await ada.getByLabel('Issuer').fill('http://localhost:9');
  await ada.getByRole('button', { name: 'Save' }).click();
  await visit(ada, 'provider');
  await ada.goto('/settings/sign-in');
  await visit(ada, 'sign-in settings');
  await stranger.goto('/login');
  await visit(stranger, 'sign-in with a provider');
  await ada.goto('/account');
  await ada.getByText('New token').click();
  await visit(ada, 'account');
  await ada.getByRole('button', { name: 'Set up authenticator app' }).click();
  await visit(ada, 'authenticator app');
}

for (const colorScheme of ['light', 'dark']) {
  journey(`the pages about people and sign-in have no serious accessibility fault and do not scroll sideways, ${colorScheme}`, { people }, async (world) => {
    const faults = [];
    await tour(world, { colorScheme, reducedMotion: 'reduce' }, async (page, where) => {
      for (const [width, height] of [[1440, 900], [390, 844], [360, 800]]) {
        await page.setViewportSize({ width, height });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const { id, impact, nodes } of violations) if (['serious', 'critical'].includes(impact)) faults.push(`${where}, ${width} px: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
        if (wide > 0) faults.push(`${where}, ${width} px: ${wide} px too wide`);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${where.replaceAll(' ', '-')}-${colorScheme}-${width}.png`, fullPage: true });
      }
    });
    assert.deepEqual(faults, []);
  });
}
