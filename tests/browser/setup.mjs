// The first start: whoever reads the console becomes the first administrator, nobody else.
import assert from 'node:assert/strict';
import { journey } from './support/journey.mjs';
import { eventually } from './support/expect.mjs';

const PASSWORD = 'a long enough one for the lab';
const codeFrom = (server) => eventually(() => {
  const code = /one-time code: (\S+)/.exec(server.printed)?.[1];
  assert.ok(code, `no code was printed: ${server.printed}`);
  return code;
});

journey('an empty Watchdesk leads everybody to its set-up', { people: null }, async (world) => {
  const page = await world.browse();
  await page.goto('/');
  await page.waitForURL('**/setup');
  await page.getByRole('textbox', { name: 'One-time code' }).waitFor();
});

journey('a wrong code is refused with what was typed kept, the right one makes the first administrator', { people: null }, async (world) => {
  const { server } = world;
  const page = await world.browse();
  const field = (name) => page.getByLabel(name, { exact: true });
  await page.goto('/setup');
  await field('One-time code').fill('not-the-code');
  await field('User name').fill('ada');
  await field('Display name').fill('Ada Novak');
  await field('Password').fill(PASSWORD);
  await field('Password again').fill(PASSWORD);
  const refused = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Create administrator' }).click();
  assert.equal((await refused).status(), 422);
  await page.getByText('This is not the one-time code from the console.').waitFor();
  assert.equal(await field('One-time code').getAttribute('aria-invalid'), 'true');
  assert.equal(await field('User name').inputValue(), 'ada');
  assert.equal(await field('Display name').inputValue(), 'Ada Novak');

  await field('One-time code').fill(await codeFrom(server));
  await field('Password').fill(PASSWORD);
  await field('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await page.getByRole('table', { name: 'Incidents' }).waitFor();
  await page.getByRole('banner').locator('summary').getByText('Ada Novak').waitFor();
});

journey('set-up is over once there is an administrator', { people: null }, async (world) => {
  const { server } = world;
  const first = await world.browse();
  await first.goto('/setup');
  const code = await codeFrom(server);
  for (const [name, value] of [['One-time code', code], ['User name', 'ada'], ['Password', PASSWORD], ['Password again', PASSWORD]]) {
    await first.getByLabel(name, { exact: true }).fill(value);
  }
  await first.getByRole('button', { name: 'Create administrator' }).click();
  await first.getByRole('table', { name: 'Incidents' }).waitFor();

  const second = await world.browse();
  await second.goto('/setup');
  await second.waitForURL('**/login*');
  await second.getByLabel('User name').fill('ada');
  await second.getByLabel('Password').fill('not the password');
  await second.getByRole('button', { name: 'Sign in' }).click();
  await second.getByRole('alert').waitFor();
  await second.getByLabel('Password').fill(PASSWORD);
  await second.getByRole('button', { name: 'Sign in' }).click();
  await second.getByRole('table', { name: 'Incidents' }).waitFor();
});
